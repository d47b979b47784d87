import { type RecordClass } from '@lianyi/domain';
import { isObject, isResource, itemsOf, type Resource } from './json-object';
import { profileOfClass } from './profiles';
import { type ProfileFault } from './profile-rules';
import { type Placed, withinDocument, type WithinDocument } from './within-document';

/** What fits no version of its class's profile, or has none: it is shown as it stands, whole. */
const UNSTRUCTURED = 'unstructured@1';

/** A version of a profile that a document does not fit, and where. */
export type ProfileMisfit = ProfileFault & { readonly profile: string };

/** How a document is shown: by the newest version of its class's profile that it fits. */
export type DisplayFit = { readonly displayProfile: string; readonly misfits: readonly ProfileMisfit[] };

/**
 * Finds the newest version of its class's display profile that a document fits, so that a reader elsewhere is shown all of it in the same way, and of
 * the versions that it does not fit, the first place where it does not. It is not refused here: what must be fitted, the members set (ADR 0070).
 */
export function displayFitOf(resource: Resource, recordClass: RecordClass): DisplayFit {
  const profile = profileOfClass(recordClass);
  if (profile === undefined) return { displayProfile: UNSTRUCTURED, misfits: [] };
  const within = withinDocument(resource);
  const document = { within, leader: leaderOf(within) };
  let fitted = UNSTRUCTURED;
  let misfit: ProfileFault | undefined;
  const misfits: ProfileMisfit[] = [];
  for (const [at, rules] of profile.versions.entries()) {
    const version = `${recordClass}@${at + 1}`;
    for (const rule of rules) misfit ??= rule(document);
    if (misfit === undefined) fitted = version;
    else misfits.push({ profile: version, ...misfit });
  }
  return { displayProfile: fitted, misfits };
}

const LEADERS: readonly string[] = ['Composition', 'DiagnosticReport', 'DocumentReference'];

/**
 * The resource a reader looks at first: a document Bundle's Composition, the only report of a collection, else the resource itself. A collection of
 * several is led by none of them.
 */
export function leaderOf({ root }: Pick<WithinDocument, 'root'>): Placed {
  const leaders = itemsOf(root['entry']).flatMap((entry, at): readonly Placed[] => {
    const resource = isObject(entry) ? entry['resource'] : undefined;
    const isLeader = isResource(resource) && LEADERS.includes(resource.resourceType);
    return isLeader ? [{ resource, path: `${root.resourceType}.entry[${at}].resource` }] : [];
  });
  const [first] = leaders;
  return first === undefined || (leaders.length > 1 && root['type'] !== 'document') ? { resource: root, path: root.resourceType } : first;
}
