import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../scenario/scenario';

const reportBytes = readFileSync(join(repositoryRoot, 'application', 'examples', 'laboratory-report-zh.json'));
const letterBytes = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const SOURCE_ID = 'https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId';
const LIST_TYPES = 'https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes';

/** A submission as IHE's MHD has it (ITI-65, Minimal): a laboratory report that is FHIR, and a letter that is none. */
export function submission(subject: string, name: string): object {
  const urn = (number: number): string => `urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e${String(number)}`;
  const documents = [
    { contentType: 'application/fhir+json', content: reportBytes },
    { contentType: 'application/pdf', content: letterBytes },
  ];
  const list = {
    resourceType: 'List',
    extension: [{ url: SOURCE_ID, valueIdentifier: { system: 'urn:ietf:rfc:3986', value: 'urn:oid:1.2.3.4' } }],
    status: 'current',
    mode: 'working',
    code: { coding: [{ system: LIST_TYPES, code: 'submissionset' }] },
    subject: { reference: subject },
    date: '2026-11-30T08:00:00+08:00',
    entry: documents.map((_, at) => ({ item: { reference: urn(2 * at + 1) } })),
  };
  const references = documents.map(({ contentType, content }, at) => ({
    resourceType: 'DocumentReference',
    masterIdentifier: { system: 'urn:ietf:rfc:3986', value: `urn:lianyi:test:${name}:${String(at)}` },
    status: 'current',
    subject: { reference: subject },
    content: [
      {
        attachment: {
          ...{ contentType, url: urn(2 * at + 2), size: content.length },
          hash: createHash('sha1').update(content).digest('base64'),
        },
      },
    ],
  }));
  const binaries = documents.map(({ contentType, content }) => ({
    resourceType: 'Binary',
    contentType,
    data: content.toString('base64'),
  }));
  const [report, letter] = binaries;
  const [ofReport, ofLetter] = references;
  const resources = [list, ofReport, report, ofLetter, letter].filter((resource) => resource !== undefined);
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource, at) => ({
      fullUrl: urn(at),
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  };
}
