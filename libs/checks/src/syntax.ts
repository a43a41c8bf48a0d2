import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { refuse } from './fault.js';
import { LIMITS } from './limits.js';

export type Node = ASTNode;
export type NodeOf<Op extends Node['op']> = Extract<Node, { op: Op }>;

const parser = new Environment({
  limits: {
    maxAstNodes: LIMITS.nodes,
    maxDepth: LIMITS.depth,
    maxListElements: LIMITS.elements,
    maxMapEntries: LIMITS.elements,
    maxCallArguments: LIMITS.arguments,
  },
});

/** The syntax tree of a CEL expression. @throws InvalidExpression */
export function parseExpression(source: string): Node {
  if (source.length > LIMITS.length)
    refuse('too-long', `An expression has at most ${LIMITS.length} characters`, {
      start: LIMITS.length,
      end: source.length,
    });
  try {
    return parser.parse(source).ast;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const code = error.code === 'limit_exceeded' ? 'too-large' : 'syntax';
    return refuse(code, error.summary, error.range ?? { start: 0, end: source.length });
  }
}

/** The text of a node that is a string literal. */
export function literalText(node: Node): string | undefined {
  return node.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}
