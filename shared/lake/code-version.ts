/** The release whose code makes the tables; lineage names it. A test holds it equal to package.json's. */
export const codeVersion = '0.1.0'
