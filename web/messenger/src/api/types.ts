// What the server answers to the messenger. The names are those of `/openapi.json`.

/** A file that was uploaded. */
export interface Attachment {
  name: string;
  url: string;
  type?: string;
}

/** Who wrote a message. */
export interface Sender {
  name: string;
  profileImageUrl: string;
  isBot?: boolean;
}

/** A message as its contact sees it. */
export interface Message {
  id: string;
  /** The id under which this contact's device sent it. */
  ref?: string;
  /** Its place in the conversation; places may be missing in between. */
  index: number;
  createdAt: string;
  senderType: "user" | "agent" | "bot" | "system" | (string & {});
  sender: Sender;
  text: string;
  /** HTML that the server made safe. */
  html: string;
  attachments: Attachment[];
}

/** A conversation as its contact sees it. */
export interface Conversation {
  shareToken: string;
  type: string;
  title: string;
  /** What the contact reported, of one that began as a report. */
  description?: string;
  /** The files of that report, of a conversation that was asked for by itself. */
  attachments?: Attachment[];
  status: string;
  closed: boolean;
  unread: number;
  rating?: number;
  agent?: Sender;
  latestMessage?: Message;
  createdAt: string;
  lastNotification?: string;
}

/** A conversation with some of its messages. */
export interface Whole {
  conversation: Conversation;
  messages: Message[];
}

/** What was written. */
export interface Written {
  conversation: Conversation;
  message: Message;
}

/** A message that is to be sent, under an id of our choice. */
export interface Draft {
  id: string;
  comment: string;
  attachments: Attachment[];
}
