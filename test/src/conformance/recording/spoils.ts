import { randomBytes } from 'node:crypto';
import { createCertificateAuthority, ledger, marshal, peer, Timestamp } from '@lianyi/fabric-protocol';
import { A, B, type ConformanceNetwork } from '../conformance-network';
import { type Craftsman, issueCraftsman } from '../craft';
import { type Draft } from './draft';

const { kvrwset } = ledger.rwset;

/** Who helps to spoil. */
export interface Gang {
  /** Two peers that sign anything: enough for the channel's policy. */
  readonly accomplices: readonly Craftsman[];
  /** Certificate of an authority the channel does not know, under an organisation's name. */
  readonly foreigner: Craftsman;
  /** Certificate under a name the channel does not know. */
  readonly stranger: Craftsman;
  /** A client of another organisation. */
  readonly otherClient: Craftsman;
}

export type Spoil = (draft: Draft, gang: Gang) => void;

const garbage = Buffer.from('ffff', 'hex');

/** Peers of A and B that sign anything, and people of no standing. */
export async function gatherGang(network: ConformanceNetwork): Promise<Gang> {
  const foreignAuthority = await createCertificateAuthority('ca.foreign', 'foreign');
  return {
    accomplices: [network.peerOf(A), network.peerOf(B)],
    foreigner: await issueCraftsman(foreignAuthority, A, { units: ['peer'] }),
    stranger: await issueCraftsman(await network.authority(A), 'XMSP', { units: ['peer'] }),
    otherClient: network.as(B).craftsman,
  };
}

function write(key: string, value: string): InstanceType<typeof kvrwset.KVWrite> {
  const message = new kvrwset.KVWrite();
  message.setKey(key);
  message.setValue(Buffer.from(value));
  return message;
}

/** A change that the endorsers sign as if the chaincode had answered so. */
const colluding =
  (change: Spoil): Spoil =>
  (draft, gang) => {
    draft.accomplices = gang.accomplices;
    change(draft, gang);
  };

const alsoWrites = (namespace: string, key: string, value: string): Spoil =>
  colluding((draft) => {
    draft.changeNamespace(namespace, (rwset) => rwset.addWrites(write(key, value)));
  });

function rename(draft: Draft, name: string): void {
  const id = new peer.ChaincodeID();
  id.setName(name);
  id.setVersion('1.0');
  draft.executed.setChaincodeId(id);
}

function renameInHeader(draft: Draft, name: string): void {
  const id = new peer.ChaincodeID();
  id.setName(name);
  const extension = new peer.ChaincodeHeaderExtension();
  extension.setChaincodeId(id);
  draft.channelHeader.setExtension$(marshal(extension));
}

/** What a client spoils alone, of a transaction that was endorsed well. */
const byTheClient: Readonly<Record<string, Spoil>> = {
  'an endorsement removed': (draft) => {
    draft.endorsements = draft.endorsements.slice(1);
  },
  'one endorsement twice': (draft) => {
    const [first] = draft.endorsements;
    draft.endorsements = first ? [first, first] : [];
  },
  'no endorsement': (draft) => {
    draft.endorsements = [];
  },
  'an endorsement with a broken signature': (draft) => {
    const [first, ...others] = draft.endorsements;
    const broken = new peer.Endorsement();
    broken.setEndorser(first?.getEndorser_asU8() ?? garbage);
    broken.setSignature(garbage);
    draft.endorsements = [broken, ...others];
  },
  'writes changed after the endorsement': (draft) => {
    draft.changeNamespace('t', (rwset) => rwset.addWrites(write('smuggled', 'x')));
  },
  'no data': (draft) => {
    draft.replaced.data = Buffer.alloc(0);
  },
  'no action': (draft) => {
    draft.actions = 0;
  },
  'two actions': (draft) => {
    draft.actions = 2;
  },
  'a transaction id of its own': (draft) => {
    draft.channelHeader.setTxId(randomBytes(32).toString('hex'));
  },
  'another nonce': (draft) => {
    draft.signatureHeader.setNonce(randomBytes(24));
  },
  'another nonce in the action': (draft) => {
    draft.actionHeader.setNonce(randomBytes(24));
  },
  'another proposal': (draft) => {
    draft.actionPayload.setChaincodeProposalPayload(Buffer.from('other'));
  },
  'an epoch': (draft) => {
    draft.channelHeader.setEpoch(1);
  },
  'a header version': (draft) => {
    draft.channelHeader.setVersion(9);
  },
  "somebody else's name in the header": (draft, gang) => {
    draft.signatureHeader.setCreator(gang.otherClient.creator);
  },
};

/** What only endorsers can spoil that sign anything. */
const byEndorsers: Readonly<Record<string, Spoil>> = {
  'nothing, endorsed again': colluding(() => undefined),
  'no header extension': colluding((draft) => {
    draft.channelHeader.setExtension$(Buffer.alloc(0));
  }),
  'no timestamp': colluding((draft) => {
    draft.channelHeader.clearTimestamp();
  }),
  'another chaincode in the action': colluding((draft) => {
    rename(draft, 'u');
  }),
  'another version in the action': colluding((draft) => {
    draft.executed.getChaincodeId()?.setVersion('9.9');
  }),
  'no version in the action': colluding((draft) => {
    draft.executed.getChaincodeId()?.setVersion('');
  }),
  'no chaincode in the action': colluding((draft) => {
    draft.executed.clearChaincodeId();
  }),
  'an unknown chaincode with an event of another': colluding((draft) => {
    renameInHeader(draft, 'nope');
    rename(draft, 'nope');
  }),
  'an unknown chaincode': colluding((draft) => {
    renameInHeader(draft, 'nope');
    rename(draft, 'nope');
    draft.executed.setEvents(Buffer.alloc(0));
  }),
  'an event of another chaincode': colluding((draft) => {
    const event = new peer.ChaincodeEvent();
    event.setChaincodeId('u');
    draft.executed.setEvents(marshal(event));
  }),
  'a timestamp of yesterday': colluding((draft) => {
    const timestamp = new Timestamp();
    timestamp.fromDate(new Date(Date.now() - 24 * 3_600_000));
    draft.channelHeader.setTimestamp(timestamp);
  }),
  'no read of the definition': colluding((draft) => {
    draft.results.setNsRwsetList(draft.results.getNsRwsetList().filter((each) => each.getNamespace() !== '_lifecycle'));
  }),
  'writes to another chaincode only': colluding((draft) => {
    draft.results.setNsRwsetList(draft.results.getNsRwsetList().filter((each) => each.getNamespace() !== 't'));
    draft.changeNamespace('u', (rwset) => rwset.addWrites(write('alone', '1')));
  }),
  'a response of status 500': colluding((draft) => {
    draft.executed.getResponse()?.setStatus(500);
  }),
  'no response': colluding((draft) => {
    draft.executed.clearResponse();
  }),
  'no answer': colluding((draft) => {
    draft.replaced.executed = Buffer.alloc(0);
  }),
  'read and write sets that are no message': colluding((draft) => {
    draft.replaced.results = garbage;
  }),
  'a namespace twice': colluding((draft) => {
    draft.addNamespace('t');
  }),
  'a write to lscc': alsoWrites('lscc', 'x', '1'),
  'a write to _lifecycle': alsoWrites('_lifecycle', 'stray', '1'),
  'a write to another chaincode': alsoWrites('u', 'planted', '1'),
  'a write to an undefined chaincode': alsoWrites('nope', 'x', '1'),
  'an empty key': alsoWrites('t', '', '1'),
  'an empty value': alsoWrites('t', 'emptied', ''),
  'a key written twice': colluding((draft) => {
    draft.changeNamespace('t', (rwset) => {
      rwset.addWrites(write('twice', '1'));
      rwset.addWrites(write('twice', '2'));
    });
  }),
  'a deletion with a value': colluding((draft) => {
    const deletion = write('deleted', 'x');
    deletion.setIsDelete(true);
    draft.changeNamespace('t', (rwset) => rwset.addWrites(deletion));
  }),
  'a read of a version to come': colluding((draft) => {
    const version = new kvrwset.Version();
    version.setBlockNum(1_000_000);
    const read = new kvrwset.KVRead();
    read.setKey('early');
    read.setVersion(version);
    draft.changeNamespace('t', (rwset) => rwset.addReads(read));
  }),
  'an endorser of an unknown organisation': (draft, { accomplices: [one], stranger }) => {
    draft.accomplices = one ? [one, stranger] : [];
  },
  'a foreign endorser beside two good ones': (draft, { accomplices, foreigner }) => {
    draft.accomplices = [...accomplices, foreigner];
  },
  'two foreign endorsers': (draft, { foreigner }) => {
    draft.accomplices = [foreigner, foreigner];
  },
};

/** Ways to spoil a transaction that changes no key's policy, by what is wrong with it. */
export const spoils: ReadonlyMap<string, Spoil> = new Map([...Object.entries(byTheClient), ...Object.entries(byEndorsers)]);
