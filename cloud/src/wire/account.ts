/** Where everything on the laptop lives. */
export const localAccountId = '000000000000';
export const localRegion = 'us-east-1';
