/** The ioctl requests that fs/ioctl.c answers for every file, and one that only terminals know: asm-generic/ioctls.h. */

export const TCGETS = 0x5401;
export const FIONREAD = 0x541b;
export const FIONBIO = 0x5421;
export const FIONCLEX = 0x5450;
export const FIOCLEX = 0x5451;
export const FIOASYNC = 0x5452;
export const FIOQSIZE = 0x5460;
