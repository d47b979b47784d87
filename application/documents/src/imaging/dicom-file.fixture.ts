/** A value of a DICOM element: its tag, its representation, its bytes. */
export type Element = readonly [tag: number, vr: string, value: string | Uint8Array];

const text = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value);

/** An element in explicit little endian (PS3.5 §7.1.2), padded to an even length. */
function element([tag, vr, value]: Element): Buffer {
  const bytes = text(value);
  const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  const isLong = ['OB', 'OW', 'UN', 'SQ'].includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
}

/** A DICOM file (PS3.10 §7.1) of these elements, in the order of their tags, and of pixels that are none. */
export function dicomFileOf(elements: readonly Element[]): Buffer {
  const syntax = element([0x00020010, 'UI', '1.2.840.10008.1.2.1']);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(syntax.length);
  const meta = Buffer.concat([element([0x00020000, 'UL', length]), syntax]);
  const body = [...elements].sort(([one], [other]) => one - other).map(element);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, ...body, element([0x7fe00010, 'OW', new Uint8Array(64)])]);
}

/** A chest film as a modality in a hospital writes it, in GB 18030. */
export const chestFilm: readonly Element[] = [
  [0x00080005, 'CS', 'GB18030'],
  [0x00080020, 'DA', '20260314'],
  [0x00080060, 'CS', 'DX'],
  // 市第一医院
  [0x00080080, 'LO', Uint8Array.from([0xca, 0xd0, 0xb5, 0xda, 0xd2, 0xbb, 0xd2, 0xbd, 0xd4, 0xba])],
  [0x00100010, 'PN', 'Zhang^San'],
  [0x00100020, 'LO', '4711'],
  [0x00100030, 'DA', '19610203'],
  [0x00180015, 'CS', 'CHEST'],
  [0x0020000d, 'UI', '1.2.840.113619.2.55.3.1'],
  [0x0020000e, 'UI', '1.2.840.113619.2.55.3.1.2'],
];
