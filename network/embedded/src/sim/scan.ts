import { ledger, marshal, Timestamp } from '@lianyi/fabric-protocol';
import { type HistoryEntry, type KeyedValue } from '../ledger/committed-state';
import { type RangeInfo } from './range-info';

/** Results of one query of a chaincode, one by one, already in the form the shim reads (QueryResultBytes.resultBytes). */
export interface Scan {
  next(): Buffer | undefined;
  /** Key after the last result, '' at the end; ends the scan. */
  bookmark(): string;
  close(): void;
}

export class StateScan implements Scan {
  /** @param range absent for private data, whose ranges have no phantom protection. */
  constructor(
    private readonly namespace: string,
    private readonly entries: IterableIterator<KeyedValue>,
    private readonly range?: RangeInfo,
  ) {}

  next(): Buffer | undefined {
    const step = this.entries.next();
    if (step.done === true) {
      this.range?.exhaust();
      return undefined;
    }
    this.range?.addResult(step.value.key, step.value.version);
    const result = new ledger.queryresult.KV();
    result.setNamespace(this.namespace);
    result.setKey(step.value.key);
    result.setValue(step.value.value);
    return marshal(result);
  }

  bookmark(): string {
    const step = this.entries.next();
    this.close();
    return step.done === true ? '' : step.value.key;
  }

  close(): void {
    this.entries.return?.();
  }
}

export class HistoryScan implements Scan {
  constructor(private readonly entries: IterableIterator<HistoryEntry>) {}

  next(): Buffer | undefined {
    const step = this.entries.next();
    if (step.done === true) return undefined;
    const { txId, value, timestampMillis, isDelete } = step.value;
    const result = new ledger.queryresult.KeyModification();
    result.setTxId(txId);
    result.setValue(value);
    result.setIsDelete(isDelete);
    const timestamp = new Timestamp();
    timestamp.setSeconds(Math.floor(timestampMillis / 1000));
    timestamp.setNanos((timestampMillis % 1000) * 1_000_000);
    result.setTimestamp(timestamp);
    return marshal(result);
  }

  bookmark(): string {
    this.close();
    return '';
  }

  close(): void {
    this.entries.return?.();
  }
}
