//! C structs as bytes: little-endian, at the offsets of arm64, without a line of unsafe code.

use std::marker::PhantomData;

/// A value as it lies in the memory of the process.
pub trait Layout: Sized {
    /// Bytes.
    const SIZE: usize;

    /// Reads it from the first `SIZE` bytes.
    fn read(bytes: &[u8]) -> Self;

    /// Writes it to the first `SIZE` bytes; padding keeps what it has.
    fn write(&self, bytes: &mut [u8]);

    /// The value's own bytes, with padding of zeros.
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; Self::SIZE];
        self.write(&mut bytes);
        bytes
    }

    /// Reads it from bytes that may be too short: what is missing is zero.
    fn from_prefix(bytes: &[u8]) -> Self {
        if bytes.len() >= Self::SIZE {
            return Self::read(bytes);
        }
        let mut whole = vec![0; Self::SIZE];
        whole[..bytes.len()].copy_from_slice(bytes);
        Self::read(&whole)
    }
}

macro_rules! integers {
    ($($type:ty)*) => { $(
        impl Layout for $type {
            const SIZE: usize = size_of::<$type>();

            fn read(bytes: &[u8]) -> Self {
                let mut own = [0; Self::SIZE];
                own.copy_from_slice(&bytes[..Self::SIZE]);
                Self::from_le_bytes(own)
            }

            fn write(&self, bytes: &mut [u8]) {
                bytes[..Self::SIZE].copy_from_slice(&self.to_le_bytes());
            }
        }
    )* };
}

integers!(u8 u16 u32 u64 u128 i8 i16 i32 i64);

impl<T: Layout, const N: usize> Layout for [T; N] {
    const SIZE: usize = T::SIZE * N;

    fn read(bytes: &[u8]) -> Self {
        std::array::from_fn(|i| T::read(&bytes[i * T::SIZE..]))
    }

    fn write(&self, bytes: &mut [u8]) {
        for (i, element) in self.iter().enumerate() {
            element.write(&mut bytes[i * T::SIZE..]);
        }
    }
}

/// A member of a struct, by its offset. Each struct of [`uapi`](crate::uapi) has its own as constants:
/// `kvm_userspace_memory_region::userspace_addr`.
#[derive(Debug)]
pub struct Member<T> {
    offset: usize,
    of: PhantomData<T>,
}

impl<T> Clone for Member<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Member<T> {}

impl<T: Layout> Member<T> {
    /// The member at an offset.
    pub const fn at(offset: usize) -> Self {
        Member {
            offset,
            of: PhantomData,
        }
    }

    /// Where in the struct it is.
    pub const fn offset(self) -> usize {
        self.offset
    }

    /// How many bytes it has.
    pub const fn width(self) -> usize {
        T::SIZE
    }

    /// A member of this member.
    pub const fn then<U: Layout>(self, inner: Member<U>) -> Member<U> {
        Member::at(self.offset + inner.offset)
    }
}

impl<T: Layout, const N: usize> Member<[T; N]> {
    /// An element of an array.
    pub const fn element(self, index: usize) -> Member<T> {
        assert!(index < N);
        Member::at(self.offset + index * T::SIZE)
    }
}

/// Gives a struct its layout: the size, and each member with type and offset.
macro_rules! layout {
    ($name:ident, $size:literal, { $($member:ident: $type:ty: $offset:literal),* }) => {
        impl $crate::layout::Layout for $name {
            const SIZE: usize = $size;

            fn read(_bytes: &[u8]) -> Self {
                $name { $($member: $crate::layout::Layout::read(&_bytes[$offset..])),* }
            }

            fn write(&self, _bytes: &mut [u8]) {
                $(self.$member.write(&mut _bytes[$offset..]);)*
            }
        }

        impl $name {
            $(
                #[doc = concat!("Where `", stringify!($member), "` is.")]
                pub const $member: $crate::layout::Member<$type> = $crate::layout::Member::at($offset);
            )*
        }

        /// All zero.
        impl Default for $name {
            fn default() -> Self {
                $crate::layout::Layout::read(&[0; $size])
            }
        }
    };
}
pub(crate) use layout;

/// A member that shares its bytes with others.
pub(crate) fn member<S: Layout, T: Layout>(whole: &S, offset: usize) -> T {
    T::read(&whole.to_bytes()[offset..])
}

/// The struct with other bytes at that place.
pub(crate) fn with_member<S: Layout, T: Layout>(whole: &S, offset: usize, value: &T) -> S {
    let mut bytes = whole.to_bytes();
    value.write(&mut bytes[offset..]);
    S::read(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uapi::*;

    #[test]
    fn a_struct_lies_as_c_has_it() {
        let region = kvm_userspace_memory_region {
            slot: 0x0001_0002,
            flags: 3,
            guest_phys_addr: 0x4000_0000,
            memory_size: u64::MAX,
            userspace_addr: 1 << 63,
        };
        let bytes = region.to_bytes();
        assert_eq!(bytes.len(), 32);
        assert_eq!(bytes[..8], [2, 0, 1, 0, 3, 0, 0, 0]);
        assert_eq!(bytes[31], 0x80);
        assert_eq!(kvm_userspace_memory_region::read(&bytes), region);
        assert_eq!(kvm_userspace_memory_region::userspace_addr.offset(), 24);
        assert_eq!(kvm_enable_cap::args.element(3).offset(), 32);
        assert_eq!(kvm_enable_cap::args.element(3).width(), 8);
    }

    #[test]
    fn what_is_missing_is_zero() {
        assert_eq!(u64::from_prefix(&[1, 2]), 0x0201);
        assert_eq!(u16::from_prefix(&[1, 2, 3]), 0x0201);
    }

    #[test]
    fn members_of_a_union_share_their_bytes() {
        let mut entry = kvm_irq_routing_entry::default();
        let msi = kvm_irq_routing_msi {
            address_lo: 7,
            ..Default::default()
        };
        entry.u.set_msi(msi);
        assert_eq!(entry.u.msi(), msi);
        assert_eq!(entry.u.irqchip().irqchip, 7);
        assert_eq!(entry.to_bytes()[16], 7);

        let mut level = kvm_irq_level { irq: 5, level: 1 };
        level.set_status(-1);
        assert_eq!((level.irq, level.level), (u32::MAX, 1));
    }

    #[test]
    fn a_struct_is_as_long_as_its_request_says() {
        let size = |request: u32| (request >> 16 & 0x3fff) as usize;
        assert_eq!(size(KVM_ENABLE_CAP), kvm_enable_cap::SIZE);
        assert_eq!(size(KVM_ARM_MTE_COPY_TAGS), kvm_arm_copy_mte_tags::SIZE);
        assert_eq!(size(KVM_ARM_VCPU_INIT), kvm_vcpu_init::SIZE);
        assert_eq!(size(KVM_SET_USER_MEMORY_REGION2), kvm_userspace_memory_region2::SIZE);
    }
}
