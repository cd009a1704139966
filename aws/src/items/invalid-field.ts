import type { FieldProblem } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';

/** A request with one bad field. */
export function invalidField(problem: FieldProblem): AppError {
  return new AppError('invalid_request', {
    detail: `The field ${problem.field} ${problem.message}.`,
    remedy: problem.remedy,
    errors: [problem],
  });
}
