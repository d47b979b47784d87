import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { DomainError, type Identifier, pseudonymSchema, type RecordId, recordIdSchema } from '@lianyi/domain';
import { encodeText } from '@lianyi/documents/hl7-v2';
import { type Hl7Config, hl7ConfigSchema } from './config';
import { type Hl7Bounds, type Hl7Interface, startAt } from './start-hl7';
import { type OwnHospital, type PatientDocument } from './work/hospital';

/** A hospital in memory: which numbers are linked, and what was published under which nonce. */
export class MemoryHospital implements OwnHospital {
  readonly linked = new Map<string, string>([['7', 'psn-1']]);
  readonly published = new Map<string, PatientDocument>();
  /** What the ledger does before it answers. */
  before: (document: PatientDocument) => Promise<void> = () => Promise.resolve();

  pseudonymOf({ value }: Identifier): ReturnType<OwnHospital['pseudonymOf']> {
    const found = this.linked.get(value);
    return Promise.resolve(found === undefined ? undefined : pseudonymSchema.parse(found));
  }

  /** The present version of each record, whoever has written it. */
  readonly versions = new Map<string, number>();

  async publish(document: PatientDocument): Promise<{ readonly recordId: RecordId }> {
    await this.before(document);
    const { nonce, amends } = document;
    const recordId = amends?.recordId ?? recordIdSchema.parse(`r-${nonce}`);
    const version = amends?.version ?? 1;
    const isAgain = this.published.get(nonce)?.amends?.version === version;
    if (amends !== undefined && !isAgain && this.versions.get(recordId) !== version - 1) throw new DomainError('VERSION_CONFLICT');
    this.published.set(nonce, document);
    if (!isAgain) this.versions.set(recordId, version);
    return { recordId };
  }

  versionOf({ recordId }: { readonly recordId: RecordId }): Promise<number> {
    return Promise.resolve(this.versions.get(recordId) ?? 0);
  }
}

function configFor(directory: string, said: Partial<Hl7Config> = {}): Hl7Config {
  const numbers = [{ authority: 'HOSP', type: 'MR', system: 'mrn' }];
  const names = { registrarProfile: 'a.json', publisherProfile: 'b.json', directory };
  return { ...hl7ConfigSchema.parse({ ...names, numbers, listen: { port: 0 } }), ...said };
}

/** An interface before a hospital in memory. */
export async function startBefore(
  hospital: OwnHospital,
  said: Partial<Hl7Config> = {},
  faults: unknown[] = [],
  bounds: Partial<Hl7Bounds> = {},
): Promise<Hl7Interface & { readonly directory: string }> {
  const directory = said.directory ?? scratchDirectory();
  const started = await startAt(
    configFor(directory, said),
    hospital,
    { onFault: (fault) => faults.push(fault), onRefused: () => undefined, onGivenWay: () => undefined },
    bounds,
  );
  return { ...started, directory };
}

type Made = {
  readonly id: string;
  readonly modes?: string;
  readonly charset?: string;
  readonly number?: string;
  readonly kind?: string;
  readonly body?: readonly string[];
};

/** A report as laboratories send it; every part can be another. */
export function message({ id, modes = '|', charset = 'UNICODE UTF-8', number = '7', kind = 'ORU^R01', body }: Made): string {
  const report = [
    'OBR|1||L-1|58410-2^血常规^LN|||20261130080000+0800|||||||||||||||20261130090000||LAB|F',
    'OBX|1|NM|718-7^血红蛋白^LN||142|g/L|130-175|N|||F',
  ];
  return (
    [
      `MSH|^~\\&|LIS|协和医院|LIANYI|HOSP|20261130090000+0800||${kind}|${id}|P|2.5|||${modes}|CHN|${charset}`,
      `PID|1||${number}^^^HOSP^MR||张^三||19700101|M`,
      ...(body ?? report),
    ].join('\r') + '\r'
  );
}

export const utf8 = (text: string): Uint8Array => encodeText('utf-8', text);
export const gb18030 = (text: string): Uint8Array => encodeText('gb18030', text);
