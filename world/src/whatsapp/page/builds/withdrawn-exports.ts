import type { PageChange } from './change.ts';
import { partOf, withdraw } from './part-of.ts';

/** July 2026: the module of messages has the collection alone; its class is the collection's constructor. */
export const messagesWithoutTheirClass: PageChange = {
  name: 'no class of the message collection',
  apply: ({ modules }) => withdraw(modules, 'WAWebMsgCollection', 'MsgCollectionImpl'),
};

export const noUserhash: PageChange = {
  name: 'no getUserhash',
  apply: ({ modules }) => withdraw(modules, 'WAWebContactGetters', 'getUserhash'),
};

export const noInitConn: PageChange = {
  name: 'no Socket.initConn',
  apply({ modules }) {
    const { Socket } = partOf(modules, 'WAWebSocketModel');
    delete Object(Socket).initConn;
  },
};

/** September 2026: the class of aggregated reactions is reached by `Reactions.prototype._collections.reactions`. */
export const reactionsWithoutTheirAggregate: PageChange = {
  name: 'no export AggReactionsCollection',
  apply: ({ modules }) => withdraw(modules, 'WAWebReactionsModels', 'AggReactionsCollection'),
};
