import type { Restrictions } from '../../restrictions.ts';
import type { App } from '../app.ts';
import { ChatModel, type ContactModel } from '../models.ts';
import type { Modules } from '../registry.ts';

const lockKey = 'WAReachoutTimelockState';
const capKey = 'WANewChatMessageCappingData';

/** The longest pause that a timer can make. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * What WhatsApp forbids the account: two preferences of the page, the modules that read them, and whom one can still
 * write to.
 */
export function createRestrictions({ cmd, identity }: App): {
  modules: Modules;
  apply(restrictions: Restrictions): void;
} {
  const prefs = new Map<string, Record<string, unknown>>();
  let lifting: ReturnType<typeof setTimeout> | undefined;

  const isLocked = () => prefs.has(lockKey);
  const lockState = () => prefs.get(lockKey)?.state;
  const capping = () => prefs.get(capKey);
  const isRunning = () => Number(capping()?.cycle_end_timestamp ?? 0) * 1000 >= Date.now();
  const cappingStatus = () => {
    const status = capping()?.capping_status;
    return typeof status === 'string' ? status : 'NONE';
  };
  const isCapped = () => isRunning() && cappingStatus() === 'CAPPED';
  const isWarned = () => isRunning() && ['FIRST_WARNING', 'SECOND_WARNING'].includes(cappingStatus());

  interface Whom {
    chat?: ChatModel | undefined;
    contact: ContactModel;
  }
  const isExempt = ({ contact }: Whom) => !contact.id.isUser() || identity.isMe(contact.id) || contact.isBusiness;
  const hasToken = ({ chat }: Whom) => chat?.getTcToken() !== undefined;
  const canSendWhileLocked = (whom: Whom) => !isLocked() || isExempt(whom) || hasToken(whom);
  const canSendWhileCapped = (whom: Whom) => isExempt(whom) || hasToken(whom);

  ChatModel.isForbidden = (chat) =>
    (isLocked() || isCapped()) && chat.id.isUser() && !identity.isMe(chat.id) && chat.getTcToken() === undefined;

  function put(key: string, value: Record<string, unknown> | undefined): boolean {
    const before = JSON.stringify(prefs.get(key));
    if (value === undefined) prefs.delete(key);
    else prefs.set(key, value);
    return before !== JSON.stringify(value);
  }

  function apply({ reachout, newChats }: Restrictions): void {
    clearTimeout(lifting);
    const lock = reachout && {
      state: 'VISIBLE',
      time_enforcement_ends: reachout.endsAt,
      enforcement_type: reachout.type,
    };
    if (put(lockKey, lock ?? undefined)) {
      cmd.trigger(lock === null ? 'reachoutTimelockEnforcementLifted' : 'reachoutTimelockEnforcementSet', lock);
    }
    const cap = newChats && {
      capping_status: newChats.status,
      total_quota: newChats.total,
      used_quota: newChats.used,
      cycle_start_timestamp: Math.floor(newChats.startsAt / 1000),
      cycle_end_timestamp: Math.floor(newChats.endsAt / 1000),
      server_sent_timestamp: Math.floor(Date.now() / 1000),
      ote_status: 'NOT_ELIGIBLE',
      mv_status: 'NOT_ACTIVE',
      subscription_status: 'NOT_ACTIVE',
    };
    if (put(capKey, cap ?? undefined)) cmd.trigger('newChatMessageCappingStateChange', cap);
    if (reachout?.endsAt) {
      const ms = Math.min(Math.max(0, reachout.endsAt - Date.now()), longestTimerMs);
      lifting = setTimeout(() => apply({ reachout: null, newChats }), ms);
    }
  }

  return {
    apply,
    modules: {
      WAWebUserPrefsIndexedDBStorage: {
        userPrefsIdb: {
          get: (key: string) => prefs.get(key),
          set: (key: string, value: Record<string, unknown>) => Promise.resolve(void prefs.set(key, value)),
          remove: (key: string) => Promise.resolve(void prefs.delete(key)),
        },
      },
      WAWebUserPrefsTypes: {
        ReachoutTimelockState: { HIDDEN: 'HIDDEN', VISIBLE: 'VISIBLE' },
        NewChatMessageCappingStatusType: {
          NONE: 'NONE',
          FIRST_WARNING: 'FIRST_WARNING',
          SECOND_WARNING: 'SECOND_WARNING',
          CAPPED: 'CAPPED',
        },
      },
      WAWebReachoutTimelockUtils: {
        REACHOUT_TIMELOCK_IDB_KEY: lockKey,
        isUserReachoutTimelocked: isLocked,
        isUserReachoutTimelockedAndHidden: () => lockState() === 'HIDDEN',
        isUserReachoutTimelockedAndVisible: () => lockState() === 'VISIBLE',
        canSendMsgWhileTimelocked: canSendWhileLocked,
      },
      WAWebIndividualNewChatMessageCappingLimitUtils: {
        NEW_CHAT_MESSAGE_CAPPING_IDB_KEY: capKey,
        isUserCapped: isCapped,
        isUserWarned: isWarned,
        getCappingData: capping,
        getCappingStatus: cappingStatus,
        canSendMsgWhileCapped: canSendWhileCapped,
      },
    },
  };
}
