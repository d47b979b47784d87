import { DomainError, hashOfTemplate, type Input, type Output, type QueryTemplate, referenceTo, type transactions } from '@lianyi/domain';
import { approveTemplate, retireTemplate } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { mspOf, originOf, type ReadScope, type WriteScope } from '../scope';
import { madeBefore, ownActiveOrganisation } from '../standing';

type Propose = typeof transactions.ProposeQueryTemplate;
type Approve = typeof transactions.ApproveQueryTemplate;
type Retire = typeof transactions.RetireQueryTemplate;
type Get = typeof transactions.GetQueryTemplate;
type List = typeof transactions.ListQueryTemplates;

/** Proposes a template under the name of the caller's organisation, so that nobody takes another's name. */
export async function ProposeQueryTemplate(scope: WriteScope, input: Input<Propose>): Promise<Output<Propose>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const { queryTemplates } = scope.ledger;
  const { templateId, version } = input;
  const [existing, previous] = await Promise.all([
    queryTemplates.find(mspId, templateId, version),
    version === 1 ? undefined : queryTemplates.find(mspId, templateId, version - 1),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  if (version > 1 && previous === undefined) {
    throw new DomainError('VERSION_CONFLICT', 'there is no version before it', { claimed: version });
  }
  const template: QueryTemplate = {
    schemaVersion: 1,
    mspId,
    ...input,
    state: 'proposed',
    proposedAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await queryTemplates.insert(template);
  recordEvent(scope, { name: 'QueryTemplateProposed', mspId, templateId, version });
  return answerOf(template);
}

/** Approves another organisation's template: what every custodian may be asked is no single member's matter. */
export async function ApproveQueryTemplate(scope: WriteScope, input: Input<Approve>): Promise<Output<Approve>> {
  const own = await ownActiveOrganisation(scope);
  const { mspId, templateId, version, templateSha256 } = input;
  const present = await scope.ledger.queryTemplates.get(mspId, templateId, version);
  const approved = approveTemplate(present, { by: referenceTo(scope.actor), mspId: own.mspId, templateSha256 }, scope.now);
  await scope.ledger.queryTemplates.replace(approved);
  recordEvent(scope, { name: 'QueryTemplateApproved', mspId, templateId, version });
  return answerOf(approved);
}

/** Retires a template of the caller's organisation, which may be suspended: what only closes asks for nothing more than it must. */
export async function RetireQueryTemplate(scope: WriteScope, input: Input<Retire>): Promise<Output<Retire>> {
  const mspId = mspOf(scope.actor);
  const { templateId, version } = input;
  const retired = retireTemplate(await scope.ledger.queryTemplates.get(mspId, templateId, version), scope.now);
  await scope.ledger.queryTemplates.replace(retired);
  recordEvent(scope, { name: 'QueryTemplateRetired', mspId, templateId, version });
  return answerOf(retired);
}

export function GetQueryTemplate(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.queryTemplates.get(input.mspId, input.templateId, input.version);
}

export function ListQueryTemplates(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  return scope.ledger.queryTemplates.list([input.mspId], input);
}

function answerOf(template: QueryTemplate): Output<Propose> {
  const { mspId, templateId, version, state } = template;
  return { mspId, templateId, version, state, templateSha256: hashOfTemplate(template) };
}
