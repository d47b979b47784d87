import { gzipSync } from 'node:zlib';

const BLOCK = 512;

export interface ArchiveEntry {
  readonly name: string;
  readonly content: Buffer;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

/** One POSIX ustar header (IEEE Std 1003.1, "ustar Interchange Format"), the same for the same name and size. */
function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`the name ${name} is too long for an archive`);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108); // uid
  block.write(octal(0, 8), 116); // gid
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136); // time
  block.write('        ', 148); // the checksum counts itself as blanks
  block.write('0', 156); // a regular file
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/**
 * A gzipped tar that depends on its entries alone: no time, no owner, and no compression, whose result differs between
 * versions of zlib. Every organisation thus packs the same bytes, so the package has one id.
 */
export function packArchive(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content }) => [
    header(name, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  const archive = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 0 });
  // gzip's "extra flags" and "operating system" (RFC 1952 §2.3.1) say how and where it was packed: say neither
  archive[8] = 0;
  archive[9] = 0xff;
  return archive;
}
