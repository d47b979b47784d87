import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What V8 has compiled is kept below the checkout, where npm's scripts keep theirs, because nothing outside it is written; without it every
// command compiles again what it loads. NODE_COMPILE_CACHE names another folder, NODE_DISABLE_COMPILE_CACHE=1 none; a folder that cannot be
// written is no failure (Node, module.enableCompileCache).
//
// What runs on, a member node, does without: it would hold all that it has read for as long as it runs, 10 to 20 MiB for a tenth of a second.
if (!process.argv.includes('start')) enableCompileCache(join(__dirname, '../../../node_modules/.cache/node'));
