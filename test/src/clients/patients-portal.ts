import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { canonicalJson, type Grant, provisionDraftsSchema, transactions } from '@lianyi/domain';
import { consentOut } from '@lianyi/documents/consent';
import { fromNow, type PatientCase, permission } from '../scenario/patient-case';

/**
 * What a patient's portal is to a client program: it gives what the patient has signed, in base64, to be carried. On the own machine alone, and each word
 * once, in the order in which it is asked for: a wallet's keys roll.
 */
export class PatientsPortal {
  readonly #patients = new Map<string, PatientCase>();
  readonly #server: Server = createServer((request, answer) => {
    const [, name = '', word = ''] = (request.url ?? '').split('/');
    const known = this.#patients.get(name);
    const said = known === undefined ? undefined : wordOf(known, word);
    answer.writeHead(said === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(said ?? {}));
  });

  static async open(): Promise<PatientsPortal> {
    const portal = new PatientsPortal();
    portal.#server.listen(0, '127.0.0.1');
    await once(portal.#server, 'listening');
    return portal;
  }

  /** @returns the address below which what this patient says stands: `/grant`, `/revocation`, `/audit` */
  of(name: string, known: PatientCase): string {
    this.#patients.set(name, known);
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/${name}`;
  }

  close(): void {
    this.#server.close();
  }
}

function wordOf(known: PatientCase, word: string): object | undefined {
  const { pseudonym, patient, cardiology: grantee } = known;
  const signed = (entry: { readonly contract: string; readonly name: string }, input: object, rolls: boolean): string => {
    const text = Buffer.from(canonicalJson({ input, proof: patient.sign(entry, input) })).toString('base64');
    if (rolls) patient.roll();
    return text;
  };
  if (word === 'grant' || word === 'unused-grant') {
    const input = { pseudonym, grantee, provisions: provisionDraftsSchema.parse([permission({ maxDataLevel: 4 })]) };
    // what a Consent says of a grant, and a portal has before there is one
    const consent = consentOut({ ...input, state: 'active', changedAt: fromNow(0) } as unknown as Grant);
    return { consent, request: signed(transactions.GrantPolicy, input, word === 'grant') };
  }
  if (word === 'revocation') return { request: signed(transactions.RevokePolicy, { pseudonym, grantee, previousVersion: 1 }, true) };
  if (word === 'audit') return { request: signed(transactions.ListForPatient, { pseudonym, limit: 100 }, false) };
  return undefined;
}
