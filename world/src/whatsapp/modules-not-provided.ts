const channels = 'Channels are skipped by the product: no chat with a customer happens there.';
const groups = 'Administering groups is no part of the product, which only has to skip what groups say.';
const business = 'Catalogues, orders and labels of WhatsApp Business are no part of the product.';
const status = 'Nothing is ever posted to the status: the product replies to people, and broadcasts nothing.';
const bots = "Meta's own assistant is not addressed.";
const events = 'Scheduled events and call links inside WhatsApp are not used: appointments live in the calendar.';
const pins = 'Pinned messages are not read.';
const pictures = 'Nobody has a profile picture in this world.';
const calls = 'Calls are not answered or rejected.';

/**
 * Modules that the library can ask for and this page doesn't have, each with the reason. Asking for one throws, and is
 * recorded in `window.__missing`. A name that is neither here nor in the registry fails a test.
 */
export const modulesNotProvided: Record<string, string> = {
  WADeprecatedSendIq: calls,
  WAJids: channels,
  WAMediaCalculateFilehash: channels,
  WASmaxGroupsAddParticipantsRPC: groups,
  WASmaxGroupsMembershipRequestsActionRPC: groups,
  WAWap: calls,
  WAWebApiMembershipApprovalRequestStore: groups,
  WAWebBizOrderBridge: business,
  WAWebBizProductCatalogBridge: business,
  WAWebBotMessageSecret: bots,
  WAWebBotProfileCollection: bots,
  WAWebChangeNewsletterOwnerAction: channels,
  WAWebChatSendMessages: groups,
  WAWebCountriesNativeCountryNames: channels,
  WAWebDemoteNewsletterAdminAction: channels,
  WAWebEditNewsletterMetadataAction: channels,
  WAWebExitGroupAction: groups,
  WAWebFindCommonGroupsContactAction: groups,
  WAWebGenerateEventCallLink: events,
  WAWebGroupCreateJob: groups,
  WAWebGroupInviteJob: groups,
  WAWebGroupInviteV4Job: groups,
  WAWebGroupModifyInfoJob: groups,
  WAWebGroupQueryJob: groups,
  WAWebLoadNewsletterPreviewChatAction: channels,
  WAWebMediaUpdateMsg: status,
  WAWebMexAcceptNewsletterAdminInviteJob: channels,
  WAWebMexFetchGroupInviteCodeJob: groups,
  WAWebMexFetchNewsletterSubscribersJob: channels,
  WAWebMexRevokeNewsletterAdminInviteJob: channels,
  WAWebModifyParticipantsGroupAction: groups,
  WAWebNewsletterCreateQueryJob: channels,
  WAWebNewsletterDeleteAction: channels,
  WAWebNewsletterDemoteAdminJob: channels,
  WAWebNewsletterDirectorySearchAction: channels,
  WAWebNewsletterGatingUtils: channels,
  WAWebNewsletterMetadataQueryJob: channels,
  WAWebNewsletterModelUtils: channels,
  WAWebNewsletterSendMessageJob: channels,
  WAWebNewsletterSendMsgAction: channels,
  WAWebNewsletterSubscribeAction: channels,
  WAWebNewsletterSubscriberListAction: channels,
  WAWebNewsletterUnsubscribeAction: channels,
  WAWebNewsletterUpdateMsgsRecordsJob: channels,
  WAWebNewsletterUpdateUserSettingJob: channels,
  WAWebNoteAction: business,
  WAWebPinInChatSchema: pins,
  WAWebPinMsgConstants: pins,
  WAWebRevokeStatusAction: status,
  WAWebSendEventEditMsgAction: events,
  WAWebSendEventResponseMsgAction: events,
  WAWebSendPinMessageAction: pins,
  WAWebSendStatusMsgAction: status,
  WAWebSetPropertyGroupAction: groups,
  WAWebStatusGatingUtils: status,
};

/** Members of modules that are there, which the library can use and this page doesn't have. */
export const membersNotProvided: Record<string, string> = {
  'WAWebCmd.Cmd.refreshQR': 'Gone from WhatsApp Web itself; the library asks for it in Node alone, where it fails.',
  'WAWebCollections.Contact.gadd': groups,
  'WAWebCollections.Features': 'Gone from WhatsApp Web itself: the library says so.',
  'WAWebCollections.Label.addOrRemoveLabels': business,
  'WAWebCollections.NewsletterMetadataCollection': channels,
  'WAWebCollections.Status.getMyStatus': status,
  'WAWebCollections.WAWebGroupMetadataCollection': 'The other name of GroupMetadata, which is there.',
  'WAWebCollections.WAWebNewsletterMetadataCollection': channels,
  'WAWebContactProfilePicThumbBridge.requestDeletePicture': pictures,
  'WAWebContactProfilePicThumbBridge.sendSetPicture': pictures,
  'WAWebMediaMmsV4Upload.uploadUnencryptedMedia': channels,
};
