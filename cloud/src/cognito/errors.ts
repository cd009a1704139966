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

/** Of a pool whose e-mails Cognito sends, without an SES identity of its own. */
export function mailLimitExceeded(): AwsError {
  return cognitoError(
    'LimitExceededException',
    'Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure your user pool to use your own Amazon SES configuration for sending email.',
  );
}

export function aliasExists(): AwsError {
  return cognitoError('AliasExistsException', 'An account with the email already exists.');
}

export function missingScopes(): AwsError {
  return notAuthorized('Access Token does not have required scopes');
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
