/** True if a statement failed because of this unique index or constraint: somebody else came first. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const { code, constraint: violated } = error as { code?: unknown; constraint?: unknown };
  return error instanceof Error && code === '23505' && violated === constraint;
}
