import { extname, join } from 'node:path';

/**
 * Path of the file to preload (`node --require`) into every chaincode process, so that it ends with the process that started it.
 * Compiled beside this file, or its TypeScript when a test runs the sources: Node strips the types.
 */
export const EXIT_WITH_PARENT = join(__dirname, `exit-with-parent${extname(__filename)}`);
