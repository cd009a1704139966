import { AwsError } from '../wire/aws-error.ts';

export function kmsError(code: string, message: string): AwsError {
  return new AwsError({ code, message });
}

export function validationError(message: string): AwsError {
  return kmsError('ValidationException', message);
}

/** KMS says nothing about why a ciphertext doesn't open. */
export function invalidCiphertext(): AwsError {
  return kmsError('InvalidCiphertextException', '');
}
