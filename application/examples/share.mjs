import { readFileSync } from 'node:fs';
import { followEvents, newId, newIdNonce } from '@lianyi/client';
import * as files from '@lianyi/client/node';
import { newRequest, recordIdOf, ticketIdOf, transactions } from '@lianyi/domain';
const [folder, file] = process.argv.slice(2);
const load = (name) => files.loadProfile(`${folder}/${name}.json`);
const submit = ({ ledger }, name, input) => ledger.submit(newRequest(transactions[name], input));
// the patient's wallet makes a pseudonym for hospital A; the registrar registers it
const { profile: own } = load('patient');
const wallet = await files.createWallet(own.walletFile, process.env.PASSPHRASE);
const { pseudonym, nonce: first, nextKeyHash } = await wallet.addRelationship(own.mspId);
const [registrar, records] = await Promise.all(['registrar-a', 'records-a'].map((name) => files.openStaff(load(name).profile)));
await submit(registrar, 'RegisterPatient', { pseudonym, nonce: first, suite: 'P256-SHA256', nextKeyHash });
await submit(registrar, 'ProposeRelationship', { pseudonym, type: 'care' });
const patient = files.openPatient(own, wallet);
await submit(patient, 'AcceptRelationship', { pseudonym, mspId: own.mspId });
// hospital A publishes: its node seals, this program checks and signs
const [network, purpose, second, nonce] = [files.networkOf(own), 'TREAT', newIdNonce(), newIdNonce()];
const recordId = recordIdOf({ mspId: own.mspId, pseudonym, nonce: second });
const document = { network, pseudonym, recordId, nonce: second, bytes: readFileSync(file) };
await records.node.publishRecord(document, await records.node.prepareRecord(document, records.sign), records.sign);
// the patient allows cardiology of hospital B to read for treatment, for a month
const reader = load('cardiologist-b');
const { mspId, actorTag, department } = reader.profile;
const provision = { provisionId: newId(), effect: 'permit', purposes: [purpose], validUntil: new Date(Date.now() + 3e9).toISOString() };
await submit(patient, 'GrantPolicy', { pseudonym, grantee: { kind: 'department', mspId, name: department }, provisions: [provision] });
// hospital B asks, is permitted, and reads; the ticket's key never leaves this machine, and goes when all was read
const [doctor, witness] = [await files.openStaff(reader.profile), await files.connectWitness(reader.profile)];
const ticket = { ticketId: ticketIdOf({ mspId, actorTag, nonce }), pseudonym };
const ephemeralPublicKey = await files.createTicketKey(reader, ticket.ticketId, { pseudonym, unread: [recordId] });
await submit(doctor, 'RequestAccess', { ...ticket, nonce, recordIds: [recordId], purpose, department, ephemeralPublicKey });
const key = await files.loadTicketKey(reader, ticket.ticketId);
const { bytes } = await doctor.node.readDocument({ ...ticket, ...key, recordId, network, mspId, witness }, doctor.sign);
await files.noteRead(reader, ticket.ticketId, recordId);
// hospital A hears of all that: each event once; an application keeps the cursor of each beside its effect
const [told, stop] = [[], new AbortController()];
const take = ({ event }) => event.pseudonym === pseudonym && told.push(event.name) && event.name === 'KeyReleased' && stop.abort();
await followEvents(records, { after: () => undefined, take }, { signal: stop.signal });
console.log(bytes.length, Buffer.from(bytes).equals(document.bytes) ? 'the same bytes' : 'OTHER BYTES', told.join(' '));
for (const session of [registrar, patient, records, doctor, witness]) session.close();
