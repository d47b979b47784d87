import {
  canonicalJson,
  pointerArea,
  type QueryTemplate,
  queryTemplateSchema,
  referenceTo,
  spellTemplate,
  type TemplateReference,
  templateReferenceSchema,
  transactions,
} from '@lianyi/domain';
import { approveTemplate, retireTemplate } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey } from './composite-key';
import { type KnownMembers, type TemplateFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { queryTemplates } = pointerArea.entities;

/** Whether a key is one of a query template. */
export function isOfTemplate(type: string | undefined): boolean {
  return type === queryTemplates.objectType;
}

/**
 * What a write makes of a query template, held against what organisations say in this transaction: the one of its key proposes and retires,
 * another approves, and nobody changes what it says. What was said is kept whatever is written.
 */
export async function templateFacts(
  { key, value }: BlockWrite,
  [mspId, templateId, version]: readonly string[],
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'templateOf'>,
): Promise<readonly (TemplateFact | AlarmFact)[]> {
  const reference = templateReferenceSchema.safeParse({ mspId, templateId, version: Number(version) }).data;
  if (reference === undefined || key !== keyOf(reference)) return [{ kind: 'alarm', alarm: 'template-without-command' }];
  const before = await known.templateOf(reference);
  const said = asked === undefined ? undefined : attempt(() => templateAfter(asked, reference, before));
  const alarm = (name: AlarmFact['alarm']): AlarmFact => ({ kind: 'alarm', alarm: name, detail: spellTemplate(reference) });
  if (said === undefined) return [alarm('template-without-command')];
  const fact: TemplateFact = { kind: 'template', said };
  return isAsSaid(value, said) ? [fact] : [fact, alarm('template-not-as-commanded')];
}

function keyOf({ mspId, templateId, version }: TemplateReference): string {
  return compositeKey(queryTemplates.objectType, mspId, templateId, queryTemplates.key[2].spell(version));
}

/**
 * The template as a command leaves it, by the chaincode's own rules; undefined if the transaction has none about it. One of the catalogue
 * that writes a template and is missing here raises an alarm.
 * @throws DomainError — the rules refuse it
 */
function templateAfter(asked: Asked, reference: TemplateReference, before: QueryTemplate | undefined): QueryTemplate | undefined {
  const { entry, input, actor, requestHash, at, mspId } = asked;
  if (entry.name === transactions.ApproveQueryTemplate.name) {
    const { templateSha256, ...approved } = transactions.ApproveQueryTemplate.request.parse(input);
    if (before === undefined || canonicalJson(approved) !== canonicalJson(reference)) return undefined;
    return approveTemplate(before, { by: referenceTo(actor), mspId, templateSha256 }, at);
  }
  const named = transactions.RetireQueryTemplate.request.loose().parse(input);
  if (mspId !== reference.mspId || named.templateId !== reference.templateId || named.version !== reference.version) return undefined;
  if (entry.name === transactions.RetireQueryTemplate.name) return before && retireTemplate(before, at);
  if (entry.name !== transactions.ProposeQueryTemplate.name || before !== undefined) return undefined;
  const fields = transactions.ProposeQueryTemplate.request.parse(input);
  const made = { proposedAt: at, changedAt: at, origin: { requestHash, actor: referenceTo(actor) } };
  return { schemaVersion: 1, mspId, ...fields, state: 'proposed', ...made };
}

/** What anything is decided by; a later chaincode may write more. */
const writtenTemplateSchema = queryTemplateSchema.strip();

function isAsSaid(value: BlockWrite['value'], said: QueryTemplate): boolean {
  const written = writtenTemplateSchema.safeParse(jsonOf(value)).data;
  // who made the entry when decides nothing
  const { proposedAt, changedAt, origin } = said;
  return written !== undefined && canonicalJson({ ...written, proposedAt, changedAt, origin }) === canonicalJson(said);
}
