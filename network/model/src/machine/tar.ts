import { gunzipSync, gzipSync } from 'node:zlib';

const BLOCK = 512;

interface ArchiveEntry {
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

/** Far more than a package of chaincode needs; a small file that unpacks to more is an attack. */
const UNPACKED_LIMIT = 200 * 1024 * 1024;
const REGULAR: ReadonlySet<string> = new Set(['0', '\0']);
/** Headers that describe the next entry (POSIX pax); Go reads over them too. */
const DESCRIPTIONS: ReadonlySet<string> = new Set(['x', 'g']);
const FOLDER = '5';

/** An archive that is none; the text is that of Go's archive/tar, as peers give it. */
export class NotAnArchive extends Error {
  override readonly name = 'NotAnArchive';
}

function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT });
  } catch (cause) {
    throw new NotAnArchive(`error reading as gzip stream: ${bytes.length === 0 ? 'EOF' : 'gzip: invalid header'}`, { cause });
  }
}

/** The regular files of a gzipped tar. @throws {@link NotAnArchive} — it cannot be read, or holds something else than files. */
export function unpackArchive(bytes: Buffer, { withFolders = false } = {}): readonly ArchiveEntry[] {
  const archive = gunzip(bytes);
  const entries: ArchiveEntry[] = [];
  for (let offset = 0; offset + BLOCK <= archive.length;) {
    const head = archive.subarray(offset, offset + BLOCK);
    if (head.every((byte) => byte === 0)) break;
    const size = Number.parseInt(textAt(head, 124, 12).trim(), 8);
    const start = offset + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || start + size > archive.length)
      throw new NotAnArchive('error inspecting next tar header: archive/tar: invalid tar header');
    const name = textAt(head, 0, 100);
    const kind = head.toString('latin1', 156, 157);
    if (REGULAR.has(kind)) entries.push({ name, content: Buffer.from(archive.subarray(start, start + size)) });
    else if (!DESCRIPTIONS.has(kind) && !(withFolders && kind === FOLDER))
      throw new NotAnArchive(`tar entry ${name} is not a regular file, type ${kind.charCodeAt(0)}`);
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}
