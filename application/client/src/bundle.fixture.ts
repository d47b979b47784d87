import { buildSync, type Metafile } from 'esbuild';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

/** The client's ".", or another entry of it, as a browser would load it: one script without imports, and what it was made of. */
export function bundleForBrowser(entry = 'index.ts'): { readonly code: string; readonly metafile: Metafile } {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(__dirname, entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'client',
    platform: 'browser',
    conditions: ['lianyi-source', 'browser'],
    // a node: import is left in place and so becomes visible, instead of ending the build with the first one
    external: ['node:*'],
    logLevel: 'silent',
  });
  return { code: outputFiles.map(({ text }) => text).join('\n'), metafile };
}

/** Runs a bundle where only what browsers have is there: no require, no process, no Buffer. */
export function runAsBrowser(code: string): unknown {
  const { crypto, TextEncoder, TextDecoder, URL, setTimeout, clearTimeout, queueMicrotask, atob, btoa } = globalThis;
  // the classes of byte arrays are this realm's, since WebCrypto and the encoders answer with those
  const bytes = { Uint8Array, ArrayBuffer, DataView, Uint32Array };
  const sandbox = { crypto, TextEncoder, TextDecoder, URL, setTimeout, clearTimeout, queueMicrotask, atob, btoa, ...bytes };
  return runInContext(`${code}\nclient`, createContext(sandbox));
}
