import { z } from 'zod';
import { everyOperation, memberOperations } from '@lianyi/client';
import {
  areas,
  commonRefusals,
  denyReasons,
  errors,
  patientsOwnEvents,
  qualifiedName,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';

/** A schema as the OpenAPI document has it, without what every one says. */
function schemaOf(schema: z.ZodType): unknown {
  return Object.fromEntries(
    Object.entries(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).filter(([key]) => key !== '$schema'),
  );
}

function transactionRows(): readonly unknown[] {
  return Object.values<TransactionEntry>(transactions).map(({ contract, name, kind, summary, callers, refusals, endorsement }) => ({
    ...{ name: qualifiedName({ contract, name }), kind, summary },
    callers: callers.map((caller) => (caller.kind === 'staff' ? { kind: caller.kind, role: caller.role } : { kind: caller.kind })),
    refusals: [...refusals].sort(),
    endorsement,
  }));
}

type Fields = Readonly<Record<string, z.ZodType>>;

function eventRows(): readonly unknown[] {
  return Object.entries<{ readonly events: Readonly<Record<string, Fields>> }>(areas).flatMap(([area, { events }]) =>
    Object.entries(events).map(([name, fields]) => ({
      ...{ name, area, isPatientsOwn: patientsOwnEvents.has(name) },
      fields: Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, schemaOf(schema)])),
    })),
  );
}

/**
 * docs/catalogue.json: what there is, for programs: every transaction, event, error, deny reason and operation. The schemas of inputs and answers
 * are in the OpenAPI document of every node, by the same names.
 */
export function catalogueFile(): string {
  const own = new Set<string>(Object.keys(memberOperations));
  const catalogue = {
    t: 'lianyi/catalogue/v1',
    transactions: transactionRows(),
    commonRefusals: [...commonRefusals].sort(),
    events: eventRows(),
    errors: Object.entries(errors).map(([code, row]) => ({ code, ...row })),
    denyReasons: Object.entries(denyReasons).map(([code, row]) => ({ code, ...row })),
    operations: everyOperation()
      .filter(({ id }) => own.has(id))
      .map(({ id, method, path, summary, tag, callers, status }) => ({ id, method, path, summary, tag, callers, status })),
  };
  return `${JSON.stringify(catalogue, null, 1)}\n`;
}
