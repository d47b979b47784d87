import { DomainError, type Endpoint, fingerprintsOf, type Ledger, type MspId, newRequest, type Sha256, transactions } from '@lianyi/domain';

/** How long an answer of the ledger's directory is used. A retired endpoint stays usable no longer than this. */
const DIRECTORY_TTL_MILLIS = 10_000;
/** An unknown certificate must not make us ask the ledger with every request. */
const ASK_AGAIN_MILLIS = 500;
const PAGE = 100;

/** Members and their endpoints as the ledger has them. */
export interface Directory {
  /** Active members; fresher than ten seconds. */
  members(): Promise<readonly MspId[]>;
  /** Active endpoints of a member; fresher than ten seconds, or than a caller who must know asks for. */
  endpoints(mspId: MspId, notOlderThanMillis?: number): Promise<readonly Endpoint[]>;
  /** Whether a certificate is one of a member's registered endpoints. */
  isRegistered(mspId: MspId, tlsSha256: Sha256): Promise<boolean>;
  /** The same by what was read last, however long ago; false if nothing was. */
  wasRegistered(mspId: MspId, tlsSha256: Sha256): boolean;
}

/**
 * The first active endpoint of a member that is wanted. An answer that has none may be from before it was registered: the ledger is asked
 * anew before a caller goes without.
 * @param notOlderThanMillis as {@link Directory.endpoints}
 */
export async function findEndpoint(
  directory: Pick<Directory, 'endpoints'>,
  mspId: MspId,
  isWanted: (endpoint: Endpoint) => boolean,
  notOlderThanMillis?: number,
): Promise<Endpoint | undefined> {
  const known = (await directory.endpoints(mspId, notOlderThanMillis)).find(isWanted);
  return known ?? (await directory.endpoints(mspId, 0)).find(isWanted);
}

/** Where a member releases and answers by its keys. @throws {@link DomainError} `MEMBER_UNAVAILABLE` — it has registered no such service */
export async function keyServiceOf(directory: Pick<Directory, 'endpoints'>, mspId: MspId): Promise<Endpoint> {
  const endpoint = await findEndpoint(directory, mspId, ({ kind }) => kind === 'keys');
  if (endpoint === undefined) throw new DomainError('MEMBER_UNAVAILABLE', 'no key service in the directory', { mspId });
  return endpoint;
}

export class LedgerDirectory implements Directory {
  #members: { readAt: number; members: readonly MspId[] } | undefined;
  readonly #endpoints = new Map<MspId, { readAt: number; endpoints: readonly Endpoint[] }>();
  readonly #reading = new Map<MspId, Reading>();

  constructor(
    private readonly ledger: Ledger,
    private readonly now: () => number = Date.now,
  ) {}

  async members(): Promise<readonly MspId[]> {
    const readAt = this.now();
    if (this.#members === undefined || readAt - this.#members.readAt >= DIRECTORY_TTL_MILLIS) {
      const { items } = await this.ledger.evaluate(newRequest(transactions.ListOrganisations, { limit: PAGE }));
      this.#members = { readAt, members: items.filter(({ status }) => status === 'active').map(({ mspId }) => mspId) };
    }
    return this.#members.members;
  }

  async endpoints(mspId: MspId, notOlderThanMillis = DIRECTORY_TTL_MILLIS): Promise<readonly Endpoint[]> {
    return this.#read(mspId, notOlderThanMillis);
  }

  async isRegistered(mspId: MspId, tlsSha256: Sha256): Promise<boolean> {
    const has = (endpoints: readonly Endpoint[]): boolean => hasCertificate(endpoints, tlsSha256);
    return has(await this.#read(mspId, DIRECTORY_TTL_MILLIS)) || has(await this.#read(mspId, ASK_AGAIN_MILLIS));
  }

  wasRegistered(mspId: MspId, tlsSha256: Sha256): boolean {
    return hasCertificate(this.#endpoints.get(mspId)?.endpoints ?? [], tlsSha256);
  }

  async #read(mspId: MspId, notOlderThanMillis: number): Promise<readonly Endpoint[]> {
    const known = this.#endpoints.get(mspId);
    if (known !== undefined && this.now() - known.readAt < notOlderThanMillis) return known.endpoints;
    const reading = this.#reading.get(mspId);
    if (reading === undefined) return this.#begin(mspId);
    if (this.now() - reading.begunAt < notOlderThanMillis) return reading.endpoints;
    // all who need one that begins later share the next: however many ask, one question is on its way and one waits
    return (reading.next ??= reading.endpoints.then(
      () => this.#begin(mspId),
      () => this.#begin(mspId),
    ));
  }

  #begin(mspId: MspId): Promise<readonly Endpoint[]> {
    const begunAt = this.now();
    const endpoints = this.#ask(mspId, begunAt).finally(() => {
      this.#reading.delete(mspId);
    });
    this.#reading.set(mspId, { begunAt, endpoints });
    return endpoints;
  }

  async #ask(mspId: MspId, readAt: number): Promise<readonly Endpoint[]> {
    const { items } = await this.ledger.evaluate(newRequest(transactions.ListEndpoints, { mspId, limit: PAGE }));
    const endpoints = items.filter(({ state }) => state === 'active');
    this.#endpoints.set(mspId, { readAt, endpoints });
    return endpoints;
  }
}

/** A question of a member's endpoints that is on its way, and the one after it, if somebody waits for that. */
interface Reading {
  readonly begunAt: number;
  readonly endpoints: Promise<readonly Endpoint[]>;
  next?: Promise<readonly Endpoint[]>;
}

function hasCertificate(endpoints: readonly Endpoint[], tlsSha256: Sha256): boolean {
  return endpoints.some((endpoint) => fingerprintsOf(endpoint).includes(tlsSha256));
}
