import { AwsError } from '../wire/aws-error.ts';

/** Names and wording as Cognito user pools answer. */
export function cognitoError(code: string, message: string): AwsError {
  return new AwsError({ code, message });
}

export function notAuthorized(message: string): AwsError {
  return cognitoError('NotAuthorizedException', message);
}

export function invalidParameter(message: string): AwsError {
  return cognitoError('InvalidParameterException', message);
}

export function limitExceeded(): AwsError {
  return cognitoError('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
}

export function codeMismatch(): AwsError {
  return cognitoError('CodeMismatchException', 'Invalid verification code provided, please try again.');
}

export function expiredCode(): AwsError {
  return cognitoError('ExpiredCodeException', 'Invalid code provided, please request a code again.');
}

export function incorrectUsernameOrPassword(): AwsError {
  return notAuthorized('Incorrect username or password.');
}

export function userNotFound(message = 'User does not exist.'): AwsError {
  return cognitoError('UserNotFoundException', message);
}
