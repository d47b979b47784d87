import { majorityOf } from '@lianyi/fabric-protocol';
import { type Sentence } from '../machine/sentence';
import { type Consortium } from './consortium';

/** How real Fabric orders: by SmartBFT or by Raft. */
export type Ordering = 'bft' | 'raft';

/** Absent in the definition: SmartBFT on 3.1, Raft on 2.5, which has nothing else. */
export function orderingOf({ ordering, fabricLine }: Pick<Consortium, 'ordering' | 'fabricLine'>): Ordering {
  return ordering ?? (fabricLine === '3.1' ? 'bft' : 'raft');
}

/**
 * How many of n consenters may fail in the worst way the ordering tolerates: of SmartBFT's fewer than a third may lie
 * (byzantine), of Raft's fewer than a half may stop (crash).
 */
export function toleratedFaults(ordering: Ordering, consenters: number): number {
  return Math.max(0, Math.floor((consenters - 1) / (ordering === 'bft' ? 3 : 2)));
}

/**
 * How many of n consenters must work for anything to be ordered.
 * @remarks Source: fabric common/policies/bft.go ComputeBFTQuorum; orderer/consensus/etcdraft/membership.go UnacceptableQuorumLoss.
 */
export function quorumOf(ordering: Ordering, consenters: number): number {
  if (ordering === 'raft') return majorityOf(consenters);
  return Math.ceil((consenters + toleratedFaults('bft', consenters) + 1) / 2);
}

/**
 * Crash tolerance: how many of n consenters may stop while the others go on ordering. Of three SmartBFT consenters one may
 * stop, and none may lie.
 */
export function crashTolerance(ordering: Ordering, consenters: number): number {
  return consenters - quorumOf(ordering, consenters);
}

const some = (count: number): string => (count === 0 ? 'none' : String(count));

/** In words: `5 orderers (SmartBFT), of which 1 may stop or lie`. */
export function describeTolerance(ordering: Ordering, consenters: number): Sentence {
  const kind = ordering === 'bft' ? 'SmartBFT' : 'Raft';
  const stopping = crashTolerance(ordering, consenters);
  const lying = toleratedFaults('bft', consenters);
  const all = {
    en: `${consenters} orderer${consenters === 1 ? '' : 's'} (${kind}), of which`,
    zh: `${consenters} 个排序节点（${kind}），其中`,
  };
  if (ordering === 'raft') return { en: `${all.en} ${some(stopping)} may stop`, zh: `${all.zh}可停止 ${stopping} 个` };
  if (stopping === lying) return { en: `${all.en} ${some(lying)} may stop or lie`, zh: `${all.zh}可停止或作恶 ${lying} 个` };
  return {
    en: `${all.en} ${some(stopping)} may stop and ${some(lying)} may lie`,
    zh: `${all.zh}可停止 ${stopping} 个、可作恶 ${lying} 个`,
  };
}
