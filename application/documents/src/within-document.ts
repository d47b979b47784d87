import { isObject, isResource, itemsOf, type JsonObject, placedResources, type Resource } from './json-object';
import { type Json } from '@lianyi/domain';

/** A resource and its place in its document, as FHIRPath has it. */
export type Placed = { readonly resource: Resource; readonly path: string };

/** Finds what a reference of a document means, in the document itself; nothing is fetched. */
export interface WithinDocument {
  readonly root: Resource;
  /** Every resource of the document with its place, the root first. */
  readonly all: readonly Placed[];
  /** What a Reference means that stands in `from`; undefined: it is not in the document. */
  find(reference: Json | undefined, from: Resource): Placed | undefined;
}

/** Reads through a document once, so that each reference is found by its name. */
export function withinDocument(root: Resource): WithinDocument {
  const all: Placed[] = [];
  const byName = new Map<string, Placed>();
  const containedIn = new Map<Resource, Map<string, Placed>>();
  const ownerOf = new Map<Resource, Resource>();
  const visit = (placed: Placed, owner: Resource | undefined): void => {
    all.push(placed);
    if (owner !== undefined) ownerOf.set(placed.resource, owner);
    const { resource, path } = placed;
    for (const inner of placedResources(resource)) {
      if (!isResource(inner.value)) continue;
      const below = { resource: inner.value, path: `${path}.${inner.path}` };
      if (inner.isContained) note(containedIn, resource, below);
      visit(below, inner.isContained ? resource : undefined);
    }
    for (const [at, entry] of itemsOf(resource['entry']).entries()) {
      const name = isObject(entry) ? namesOf(entry) : [];
      const value = isObject(entry) ? entry['resource'] : undefined;
      if (isResource(value)) for (const each of name) setOnce(byName, each, { resource: value, path: `${path}.entry[${at}].resource` });
    }
  };
  visit({ resource: root, path: root.resourceType }, undefined);
  return { root, all, find: (reference, from) => found(reference, { byName, containedIn, owner: ownerOf.get(from) ?? from }) };
}

type Names = {
  readonly byName: ReadonlyMap<string, Placed>;
  readonly containedIn: ReadonlyMap<Resource, ReadonlyMap<string, Placed>>;
  readonly owner: Resource;
};

function found(reference: Json | undefined, { byName, containedIn, owner }: Names): Placed | undefined {
  const text = isObject(reference) ? reference['reference'] : undefined;
  if (typeof text !== 'string') return undefined;
  if (text.startsWith('#')) return containedIn.get(owner)?.get(text.slice(1));
  return byName.get(text) ?? byName.get(text.replace(/\/_history\/[^/]*$/, ''));
}

function note(containedIn: Map<Resource, Map<string, Placed>>, owner: Resource, placed: Placed): void {
  const { id } = placed.resource;
  const known = containedIn.get(owner) ?? new Map<string, Placed>();
  if (typeof id === 'string') setOnce(known, id, placed);
  containedIn.set(owner, known);
}

/** How others name an entry of a Bundle: its address, and type and id. */
function namesOf({ fullUrl, resource }: JsonObject): readonly string[] {
  const names = typeof fullUrl === 'string' ? [fullUrl] : [];
  if (!isResource(resource) || typeof resource['id'] !== 'string') return names;
  return [...names, `${resource.resourceType}/${resource['id']}`];
}

/** Two of one name: the first stands, so that a document reads the same for everybody. */
function setOnce(names: Map<string, Placed>, name: string, placed: Placed): void {
  if (!names.has(name)) names.set(name, placed);
}
