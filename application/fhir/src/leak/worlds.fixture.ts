import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { idNonceSchema, mspIdSchema, pseudonymSchema, type RecordId, recordIdOf } from '@lianyi/domain';
import { type ActingStaff } from '../acting/ports';
import { newFacade, patientOne, type PlayedFacade, PlayedStaff } from '../facade.fixture';
import { newClient, tokenFor } from '../played-client.fixture';

const report = readFileSync(join(__dirname, '../../../examples/laboratory-report-zh.json'));
const nobodys = pseudonymSchema.parse('pTWO_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
const otherHospital = mspIdSchema.parse('HospitalCMSP');
const BESIDE = 150;

/** The record that every question is about, whether or not there is one. */
export const askedRecord: RecordId = recordIdOf({
  mspId: mspIdSchema.parse('HospitalBMSP'),
  pseudonym: patientOne,
  nonce: idNonceSchema.parse(Buffer.alloc(16, 255).toString('base64url')),
});

type Has = (staff: PlayedStaff) => void;
const hidden = { pseudonym: patientOne, bytes: report, version: 1, said: undefined };

/** The ledger without the record, and with it in each way in which it may be there and hidden. */
export const worlds: Readonly<Record<string, Has>> = {
  'without the record': () => undefined,
  'with it, hidden': ({ documents }) => documents.set(askedRecord, hidden),
  'with a later version of it, hidden': ({ documents }) => documents.set(askedRecord, { ...hidden, version: 7 }),
  'with it, retracted': (staff) => {
    staff.documents.set(askedRecord, { ...hidden, state: 'retracted' });
    staff.permitted.add(askedRecord);
  },
  'with it, of another patient': (staff) => {
    staff.documents.set(askedRecord, { ...hidden, pseudonym: nobodys });
    staff.permitted.add(askedRecord);
  },
  'with it, at another hospital': ({ documents }) => documents.set(askedRecord, { ...hidden, custodian: otherHospital }),
  'with it, of a class that is hidden': ({ documents }) =>
    documents.set(askedRecord, { ...hidden, said: { format: 'pdf', class: 'imaging-report' } }),
  'with it and 150 more, hidden': (staff) => {
    staff.documents.set(askedRecord, hidden);
    for (let more = 0; more < BESIDE; more += 1) staff.has(report, { isPermitted: false });
  },
};
/** Where the record is open: what the comparison has to tell apart. */
export const openWorld: Has = (staff) => {
  staff.documents.set(askedRecord, hidden);
  staff.permitted.add(askedRecord);
};

/** What was asked of the ledger, the node or the reader: what it was, and how long the question. */
type Asked = readonly [port: string, what: string, bytes: number];

/** The ports of a staff entry with a list of what goes through them. */
function overheard(staff: PlayedStaff, transcript: Asked[]): ActingStaff {
  const tell = (port: string, what: string, question: unknown): void => {
    transcript.push([port, what, JSON.stringify(question).length]);
  };
  const { ledger, publisher, reader, node, mspId, actorTag, department } = staff;
  return {
    ...{ mspId, actorTag, department },
    ledger: {
      evaluate: (request) => {
        tell('evaluate', request.entry.name, request.input);
        return ledger.evaluate(request);
      },
      submit: (request) => {
        tell('submit', request.entry.name, request.input);
        return ledger.submit(request);
      },
    },
    publisher: {
      publish: (publication) => {
        tell('publish', publication.recordId, publication.bytes.length);
        return publisher.publish(publication);
      },
    },
    reader: {
      read: (ticket, recordId) => {
        tell('read', recordId, ticket.pseudonym);
        return reader.read(ticket, recordId);
      },
    },
    node: {
      linkIdOf: (identifier) => {
        tell('node', 'linkIdOf', identifier);
        return node.linkIdOf(identifier);
      },
      introduced: (pseudonym) => {
        tell('node', 'introduced', pseudonym);
        return node.introduced(pseudonym);
      },
    },
  };
}

/** One request of whom: `his`, or another application of the hospital that may open less. */
export interface AskedRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly by?: 'his' | 'portal' | 'writer';
}

/** Everything that who asks, or who watches them, can see of an answer. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly transcript: readonly Asked[];
}

/** Random by construction, or a clock. */
const CLOCKS = ['date', 'x-ratelimit-reset', 'x-ratelimit-remaining'];

export interface PlayedWorld {
  ask(request: AskedRequest): Promise<SeenAnswer>;
  close(): Promise<void>;
}

/** A facade over a ledger with three records that `his` may open, one that `portal` may, and whatever a world has besides. */
export async function newWorld(has: Has): Promise<PlayedWorld> {
  const staff = new PlayedStaff();
  const transcript: Asked[] = [];
  const visible = [staff.has(report), staff.has(report), staff.has(report)];
  has(staff);
  const portalStaff = new PlayedStaff(staff.documents);
  for (const recordId of visible.slice(0, 1)) portalStaff.permitted.add(recordId);
  const portal = { client: await newClient({ clientId: 'portal' }), staff: overheard(portalStaff, transcript) };
  const writer = { client: await newClient({ clientId: 'writer', purposes: [] }), staff: overheard(staff, transcript) };
  const facade: PlayedFacade = await newFacade({}, { staff, as: overheard(staff, transcript), others: [portal, writer] });
  const tokens = {
    his: await facade.token(),
    portal: await tokenFor(facade.server, portal.client),
    writer: await tokenFor(facade.server, writer.client),
  };
  return {
    ask: async ({ method, path, headers = {}, body, by = 'his' }) => {
      transcript.length = 0;
      const answer = await facade.server.inject({
        ...{ method, url: `/fhir${path}` },
        headers: {
          authorization: `Bearer ${tokens[by]}`,
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body }),
      });
      const shown = Object.entries(answer.headers).filter(([name]) => !CLOCKS.includes(name));
      return { status: answer.statusCode, headers: Object.fromEntries(shown), body: answer.body, transcript: [...transcript] };
    },
    close: () => facade.server.close(),
  };
}
