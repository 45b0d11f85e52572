/** The sources by the names under which the core imports them. */
export function generatedSources(): Promise<Record<string, string>>;
