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
    const has = (endpoints: readonly Endpoint[]): boolean => endpoints.some((endpoint) => fingerprintsOf(endpoint).includes(tlsSha256));
    return has(await this.#read(mspId, DIRECTORY_TTL_MILLIS)) || has(await this.#read(mspId, ASK_AGAIN_MILLIS));
  }

  async #read(mspId: MspId, notOlderThanMillis: number): Promise<readonly Endpoint[]> {
    const known = this.#endpoints.get(mspId);
    if (known !== undefined && this.now() - known.readAt < notOlderThanMillis) return known.endpoints;
    const readAt = this.now();
    const { items } = await this.ledger.evaluate(newRequest(transactions.ListEndpoints, { mspId, limit: PAGE }));
    const endpoints = items.filter(({ state }) => state === 'active');
    this.#endpoints.set(mspId, { readAt, endpoints });
    return endpoints;
  }
}
