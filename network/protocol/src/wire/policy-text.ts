import { common, type msp } from './proto';
import { isRoleName, type RoleName, rolePrincipal } from './role-principal';

/** A policy text that is not in Fabric's language; says what was met where. */
class PolicyTextError extends Error {
  override readonly name = 'PolicyTextError';
}

type Node =
  | { readonly kind: 'principal'; readonly mspId: string; readonly role: RoleName }
  | { readonly kind: 'gate'; readonly needed: number; readonly parts: readonly Node[] };

const TOKEN = /\s*(?:([A-Za-z]+)\b|(\d+)|'([^']*)'|"([^"]*)"|([(),]))/y;
const PRINCIPAL = /^([A-Za-z0-9.-]+)\.(admin|member|client|peer|orderer)$/;
/** Gates and the two further spellings Fabric takes of each. */
const GATES: ReadonlyMap<string, 'and' | 'or' | 'outof'> = new Map(
  (['And', 'Or', 'OutOf'] as const).flatMap((gate) => {
    const kind = gate === 'And' ? 'and' : gate === 'Or' ? 'or' : 'outof';
    return [gate, gate.toLowerCase(), gate.toUpperCase()].map((spelling) => [spelling, kind] as const);
  }),
);

class Reader {
  #position = 0;
  constructor(private readonly text: string) {}

  fail(expected: string): never {
    throw new PolicyTextError(`the policy ${this.text} is not understood: ${expected} expected at position ${this.#position + 1}`);
  }

  #next(): { word?: string; number?: string; quoted?: string; sign?: string } {
    TOKEN.lastIndex = this.#position;
    const match = TOKEN.exec(this.text);
    if (!match) return {};
    this.#position = TOKEN.lastIndex;
    const [, word, number, single, double, sign] = match;
    const quoted = single ?? double;
    return { ...(word && { word }), ...(number && { number }), ...(quoted && { quoted }), ...(sign && { sign }) };
  }

  expectSign(...allowed: readonly string[]): string {
    const { sign } = this.#next();
    return sign !== undefined && allowed.includes(sign) ? sign : this.fail(allowed.join(' or '));
  }

  policy(): Node {
    const { word, quoted } = this.#next();
    if (quoted !== undefined) return this.#principal(quoted);
    const gate = GATES.get(word ?? '');
    if (gate === undefined) return this.fail("AND, OR, OutOf or a principal such as 'AMSP.peer'");
    this.expectSign('(');
    const needed = gate === 'outof' ? this.#count() : undefined;
    const parts: Node[] = [this.policy()];
    while (this.expectSign(',', ')') === ',') parts.push(this.policy());
    const threshold = needed ?? (gate === 'and' ? parts.length : 1);
    // Fabric takes n + 1 too: a policy nobody can fulfil
    if (threshold > parts.length + 1) this.fail(`a number up to ${parts.length}`);
    return { kind: 'gate', needed: threshold, parts };
  }

  #principal(text: string): Node {
    const match = PRINCIPAL.exec(text);
    const role = match?.[2];
    if (match?.[1] === undefined || !isRoleName(role)) return this.fail('MSP.role');
    return { kind: 'principal', mspId: match[1], role };
  }

  #count(): number {
    const { number } = this.#next();
    if (number === undefined) return this.fail('a number');
    this.expectSign(',');
    return Number(number);
  }

  end(): void {
    if (this.text.slice(this.#position).trim() !== '') this.fail('nothing more');
  }
}

function toRule(node: Node, principals: msp.MSPPrincipal[]): common.SignaturePolicy {
  const rule = new common.SignaturePolicy();
  if (node.kind === 'principal') {
    // one entry per mention, as Fabric's own parser writes it: the bytes of a definition must agree between organisations
    rule.setSignedBy(principals.push(rolePrincipal(node.mspId, node.role)) - 1);
    return rule;
  }
  const gate = new common.SignaturePolicy.NOutOf();
  gate.setN(node.needed);
  gate.setRulesList(node.parts.map((part) => toRule(part, principals)));
  rule.setNOutOf(gate);
  return rule;
}

/**
 * Reads Fabric's policy language (`OR('AMSP.peer', AND(…))`, `OutOf(2, …)`) into the bytes its own tools write.
 * @remarks Source: fabric common/policydsl/policyparser.go FromString.
 */
export function parsePolicyText(text: string): common.SignaturePolicyEnvelope {
  const reader = new Reader(text);
  const policy = reader.policy();
  reader.end();
  const principals: msp.MSPPrincipal[] = [];
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(toRule(policy.kind === 'gate' ? policy : { kind: 'gate', needed: 1, parts: [policy] }, principals));
  envelope.setIdentitiesList(principals);
  return envelope;
}
