import { createHash } from 'node:crypto';
import { type ChaincodeDefinitions } from '../ledger/chaincode-definition';
import { type CommittedState, type Version } from '../ledger/committed-state';
import { RangeInfo } from './range-info';
import { RwsetBuilder, type SimulationSets } from './rwset-builder';
import { HistoryScan, type Scan, StateScan } from './scan';

interface SimulatorSource {
  readonly state: CommittedState;
  readonly definitions: ChaincodeDefinitions;
  /** The peer that executes: its private data is what can be read. */
  readonly holder: string;
}

export interface SimulationResults extends SimulationSets {
  /** `namespace` → collections whose private values were read. */
  readonly privateReads: ReadonlyMap<string, ReadonlySet<string>>;
  /** One entry per written key: its committed metadata, from which key-level policies are planned. '' = public. */
  readonly writtenKeys: readonly WrittenKey[];
}
interface WrittenKey {
  readonly namespace: string;
  readonly collection: string;
  readonly metadata: ReadonlyMap<string, Buffer> | undefined;
}

const lifecycle = '_lifecycle';
const definitionFields = ['Collections', 'EndorsementInfo', 'Sequence', 'ValidationInfo'];

/**
 * Runs one transaction against committed state: reads see only what was committed, never the transaction's own writes.
 * The caller holds the channel's read lock for as long as the simulator lives.
 * @remarks Source: core/ledger/kvledger/txmgmt/txmgr/{tx_simulator,query_executor}.go; the texts are theirs.
 */
export class Simulator {
  readonly #builder = new RwsetBuilder();
  readonly #scans: { readonly namespace: string; readonly scan: StateScan; readonly range: RangeInfo }[] = [];
  readonly #openScans = new Set<Scan>();
  readonly #privateReads = new Map<string, Set<string>>();
  readonly #writtenKeys = new Map<string, WrittenKey>();
  readonly #checkedCollections = new Set<string>();
  #writePerformed = false;
  #privateQueryPerformed = false;
  #paginatedQueryPerformed = false;

  constructor(
    private readonly source: SimulatorSource,
    private readonly txId: string,
  ) {}

  getState(namespace: string, key: string): Buffer | undefined {
    const found = this.source.state.getState(namespace, key);
    this.#builder.addRead(namespace, key, found?.version);
    return found?.value;
  }

  getStateMetadata(namespace: string, key: string): ReadonlyMap<string, Buffer> | undefined {
    this.getState(namespace, key);
    return this.source.state.getStateMetadata(namespace, key);
  }

  /** An empty value deletes. */
  setState(namespace: string, key: string, value: Buffer): void {
    this.#beforeWrite();
    this.#builder.addWrite(namespace, key, value);
    this.#noteWrite(namespace, '', key, this.source.state.getStateMetadata(namespace, key));
  }

  setStateMetadata(namespace: string, key: string, metadata: ReadonlyMap<string, Buffer>): void {
    this.#beforeWrite();
    this.#builder.addMetadataWrite(namespace, key, metadata);
    this.#noteWrite(namespace, '', key, this.source.state.getStateMetadata(namespace, key));
  }

  scanState(namespace: string, startKey: string, endKey: string): Scan {
    const range = new RangeInfo(startKey, endKey);
    const scan = new StateScan(namespace, this.source.state.scanState(namespace, startKey, endKey), range);
    this.#scans.push({ namespace, scan, range });
    this.#openScans.add(scan);
    return scan;
  }

  scanStatePage(namespace: string, startKey: string, endKey: string): Scan {
    if (this.#writePerformed) throw this.#unsupported('Paginated queries are supported only in a read-only transaction');
    this.#paginatedQueryPerformed = true;
    return this.scanState(namespace, startKey, endKey);
  }

  scanHistory(namespace: string, key: string): Scan {
    return this.#opened(new HistoryScan(this.source.state.history(namespace, key)));
  }

  getPrivateData(namespace: string, collection: string, key: string): Buffer | undefined {
    this.#checkCollection(namespace, collection);
    const held = this.source.state.getPrivate(this.source.holder, namespace, collection, key);
    const hash = this.source.state.getPrivateHash(namespace, collection, sha256OfBytes(key));
    if (!sameVersion(held?.version, hash?.version)) {
      throw new Error(
        `private data matching public hash version is not available. Public hash version = ${versionText(hash?.version)}, ` +
          `Private data version = ${versionText(held?.version)}`,
      );
    }
    this.#notePrivateRead(namespace, collection, key, held?.version);
    return held?.value;
  }

  /** Unlike {@link getPrivateData}, Fabric does not compare with the hash here: a stale or missing value is returned as it is. */
  getPrivateDataMultiple(namespace: string, collection: string, keys: readonly string[]): (Buffer | undefined)[] {
    this.#checkCollection(namespace, collection);
    return keys.map((key) => {
      const held = this.source.state.getPrivate(this.source.holder, namespace, collection, key);
      this.#notePrivateRead(namespace, collection, key, held?.version);
      return held?.value;
    });
  }

  getPrivateDataHash(namespace: string, collection: string, key: string): Buffer | undefined {
    this.#checkCollection(namespace, collection);
    const found = this.source.state.getPrivateHash(namespace, collection, sha256OfBytes(key));
    this.#builder.addHashedRead(namespace, collection, key, found?.version);
    return found?.value;
  }

  getPrivateDataMetadata(namespace: string, collection: string, key: string): ReadonlyMap<string, Buffer> | undefined {
    this.getPrivateDataHash(namespace, collection, key);
    return this.source.state.getPrivateMetadata(namespace, collection, sha256OfBytes(key));
  }

  /** An empty value deletes. */
  setPrivateData(namespace: string, collection: string, key: string, value: Buffer): void {
    this.#beforePrivateWrite(namespace, collection, key);
    this.#builder.addPrivateWrite(namespace, collection, key, value);
  }

  purgePrivateData(namespace: string, collection: string, key: string): void {
    this.#beforePrivateWrite(namespace, collection, key);
    this.#builder.addPrivatePurge(namespace, collection, key);
  }

  setPrivateDataMetadata(namespace: string, collection: string, key: string, metadata: ReadonlyMap<string, Buffer>): void {
    this.#beforePrivateWrite(namespace, collection, key);
    this.#builder.addPrivateMetadataWrite(namespace, collection, key, metadata);
  }

  scanPrivate(namespace: string, collection: string, startKey: string, endKey: string): Scan {
    if (this.#writePerformed) throw this.#unsupported('Queries on pvt data is supported only in a read-only transaction');
    this.#privateQueryPerformed = true;
    this.#checkCollection(namespace, collection);
    return this.#opened(
      new StateScan(namespace, this.source.state.scanPrivate(this.source.holder, namespace, collection, startKey, endKey)),
    );
  }

  /** Keys of a range of private data, for system chaincode. Like every private range it forbids later writes. */
  privateKeys(namespace: string, collection: string, startKey: string, endKey: string): readonly string[] {
    this.#checkCollection(namespace, collection);
    this.#privateQueryPerformed = true;
    return [...this.source.state.scanPrivate(this.source.holder, namespace, collection, startKey, endKey)].map(({ key }) => key);
  }

  /** The endorser and every called chaincode read their definition, so an upgrade invalidates transactions in flight. */
  readSequence(chaincode: string): void {
    this.getState(lifecycle, `namespaces/fields/${chaincode}/Sequence`);
  }

  /** Private data reads the whole definition, implicit collections too (seen on the recorded chain). */
  readDefinition(chaincode: string): void {
    for (const field of definitionFields) this.getState(lifecycle, `namespaces/fields/${chaincode}/${field}`);
    this.getState(lifecycle, `namespaces/metadata/${chaincode}`);
  }

  results(): SimulationResults {
    for (const { namespace, range } of this.#scans) this.#builder.addRange(namespace, range.finish());
    this.close();
    return { ...this.#builder.build(), privateReads: this.#privateReads, writtenKeys: [...this.#writtenKeys.values()] };
  }

  /** Ends open scans; to be called before the read lock is released. */
  close(): void {
    for (const scan of this.#openScans) scan.close();
    this.#openScans.clear();
  }

  #opened(scan: Scan): Scan {
    this.#openScans.add(scan);
    return scan;
  }

  #beforeWrite(): void {
    if (this.#privateQueryPerformed) {
      throw this.#unsupported('Transaction has already performed queries on pvt data. Writes are not allowed');
    }
    if (this.#paginatedQueryPerformed) {
      throw this.#unsupported('Transaction has already performed a paginated query. Writes are not allowed');
    }
    this.#writePerformed = true;
  }

  #beforePrivateWrite(namespace: string, collection: string, key: string): void {
    this.#checkCollection(namespace, collection);
    this.#beforeWrite();
    this.#noteWrite(namespace, collection, key, this.source.state.getPrivateMetadata(namespace, collection, sha256OfBytes(key)));
  }

  #noteWrite(namespace: string, collection: string, key: string, metadata: ReadonlyMap<string, Buffer> | undefined): void {
    this.#writtenKeys.set(JSON.stringify([namespace, collection, key]), { namespace, collection, metadata });
  }

  #notePrivateRead(namespace: string, collection: string, key: string, version: Version | undefined): void {
    this.#builder.addHashedRead(namespace, collection, key, version);
    const collections = this.#privateReads.get(namespace) ?? new Set<string>();
    this.#privateReads.set(namespace, collections.add(collection));
  }

  #checkCollection(namespace: string, collection: string): void {
    if (namespace === lifecycle) return;
    const identity = JSON.stringify([namespace, collection]);
    if (this.#checkedCollections.has(identity)) return;
    this.readDefinition(namespace);
    if (this.source.definitions.collection(namespace, collection) === undefined) {
      throw new Error(`collection [${collection}] not defined in the collection config for chaincode [${namespace}]`);
    }
    this.#checkedCollections.add(identity);
  }

  /** The misspelling is Fabric's. */
  #unsupported(rule: string): Error {
    return new Error(`txid [${this.txId}]: unsuppored transaction. ${rule}`);
  }
}

const sha256OfBytes = (text: string): Buffer => createHash('sha256').update(text).digest();

function sameVersion(a: Version | undefined, b: Version | undefined): boolean {
  return a?.blockNumber === b?.blockNumber && a?.txIndex === b?.txIndex;
}

function versionText(version: Version | undefined): string {
  return version === undefined ? '<nil>' : `{BlockNum: ${version.blockNumber}, TxNum: ${version.txIndex}}`;
}
