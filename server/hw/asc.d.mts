/** The generated module of one AssemblyScript source, as text. */
export declare function compile(name: string): Promise<string>;
