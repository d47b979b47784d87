import { type JSONWebKeySet } from 'jose';
import { type Purpose } from '@lianyi/domain';
import { type ScopeLetter } from '../interactions/interaction';

/** An application of the hospital, as its administrator has registered it. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly jwks: JSONWebKeySet;
  /** As SMART writes them: `system/DocumentReference.rs`. */
  readonly scopes: readonly string[];
  readonly purposes: readonly Purpose[];
  /** It keeps what it reads; one that only shows it is given what is only to be viewed. */
  readonly keeps: boolean;
}

const SCOPE = /^system\/(\*|[A-Z][A-Za-z]{0,63})\.(c?r?u?d?s?)$/;

/** Whether a text is a scope that this facade can hold anybody to. @remarks Source: SMART App Launch 2.2, scopes for FHIR resources. */
export function isScope(text: string): boolean {
  return (SCOPE.exec(text)?.[2] ?? '') !== '';
}

/** Whether scopes let one do a thing to a type of resource. */
export function areScopesFor(scopes: readonly string[], wanted: { readonly type: string; readonly letter: ScopeLetter }): boolean {
  return scopes.some((scope) => {
    const [, type, letters = ''] = SCOPE.exec(scope) ?? [];
    return (type === '*' || type === wanted.type) && letters.includes(wanted.letter);
  });
}

/** What of the scopes that are asked for is registered; a scope is granted whole or not at all. */
export function grantedScopes(asked: readonly string[], registered: readonly string[]): readonly string[] {
  const isWithin = (scope: string): boolean => {
    const [, type = '', letters = ''] = SCOPE.exec(scope) ?? [];
    return Array.from(letters).every((letter) =>
      registered.some((held) => {
        const [, heldType, heldLetters = ''] = SCOPE.exec(held) ?? [];
        return (heldType === '*' || heldType === type) && heldLetters.includes(letter);
      }),
    );
  };
  return [...new Set(asked)].filter((scope) => isScope(scope) && isWithin(scope));
}
