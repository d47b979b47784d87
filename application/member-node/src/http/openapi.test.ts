import { everyOperation } from '@lianyi/client';
import { transactions } from '@lianyi/domain';
import { openApiDocument, operationsPage } from './openapi';

type Operation = {
  operationId: string;
  security: Record<string, unknown>[];
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: { $ref?: string } }> };
  responses: Record<string, object>;
};
// as JSON would carry it
const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { required?: string[]; properties?: Record<string, unknown> }>;
    securitySchemes: Record<string, object>;
  };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, operation })),
);

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : referencesIn(inner)));
}

describe('the OpenAPI document', () => {
  it('is 3.1, with a server, and has every operation once, by its name', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/' }] });
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      everyOperation()
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('has each schema once, under a name, and refers to none that is not there', () => {
    const known = [...Object.keys(document.components.schemas).map((id) => `#/components/schemas/${id}`), '#/components/responses/Problem'];
    const used = new Set(referencesIn(document));
    expect([...used].filter((reference) => !known.includes(reference))).toEqual([]);
    for (const name of ['Problem', 'StaffProof', 'PatientProof', 'GrantPolicyInput', 'Ticket', 'Record', 'ToldEvent', 'ActorReference'])
      expect(Object.keys(document.components.schemas)).toContain(name);
    // named by the operations, and by each other
    for (const name of ['Problem', 'Proof', 'StaffProof', 'GrantPolicyBody', 'GrantPolicyInput', 'ToldEvent', 'ActorReference'])
      expect(used).toContain(`#/components/schemas/${name}`);
  });

  it.each(Object.values(transactions).map(({ name }) => [name]))('has a body with input for %s', (name) => {
    const { required, properties } = document.components.schemas[`${name}Body`] ?? {};
    expect(required).toContain('input');
    expect(properties?.['input']).toEqual({ $ref: expect.stringMatching(/^#\/components\/schemas\//) as unknown });
  });

  it('declares every parameter of a path, says how a refusal looks, and who is asked for what', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect((operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['4XX', '5XX']));
      for (const asked of operation.security)
        expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(Object.keys(asked)));
    }
    expect(document.paths['/v1/keys:release']?.['post']?.security).toEqual([{ memberCertificate: [] }]);
    expect(document.paths['/v1/records:prepare']?.['post']?.security).toEqual([{ signedHeader: [] }]);
  });

  it('is told to people, too', () => {
    for (const { path } of everyOperation()) expect(operationsPage()).toContain(path);
    expect(operationsPage()).not.toContain('<script');
  });
});
