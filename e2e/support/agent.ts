// An agent's page without the page: the unmodified pusher-js against the agents' socket.
import PusherModule, { type Channel, type PresenceChannel } from "pusher-js";
import type { Hark, Project } from "./hark.ts";

// Under Node the package is its own default export.
const Pusher = ((PusherModule as any).default ?? PusherModule) as typeof PusherModule.default;

/** Where a client stands in a stream. */
interface Position {
  epoch: string;
  seq: number;
}

/** An event as clients get it. */
export interface Change extends Position {
  event: string;
  id: string;
}

export class Agent {
  readonly changes: Change[] = [];
  readonly resets: Position[] = [];
  private readonly pusher: PusherModule.default;
  private seen?: Position;

  constructor(
    hark: Hark,
    private readonly project: Project,
  ) {
    const [host, port] = hark.host.split(":");
    this.pusher = new Pusher(project.sdkKey, {
      cluster: "",
      wsHost: host,
      wsPort: Number(port),
      forceTLS: false,
      enabledTransports: ["ws"],
      enableStats: false,
      channelAuthorization: {
        endpoint: "",
        transport: "ajax",
        customHandler: ({ socketId, channelName }, callback) => {
          const resume = channelName.startsWith("private-project-") ? this.seen : undefined;
          const ask = { socket_id: socketId, channel_name: channelName, resume };
          hark.rest(project, "POST", "/users/me/session-channel-auth", ask).then(
            (ticket) => callback(null, ticket),
            (error) => callback(error, null),
          );
        },
      },
    });
  }

  /** The socket's state, in the words of pusher-js. */
  get state(): string {
    return this.pusher.connection.state;
  }

  /** Follows what changes in the project, and goes on where it was after each reconnection. */
  follow(): Promise<void> {
    const channel = this.pusher.subscribe(`private-project-${this.project.project.id}`);
    channel.bind_global((event: string, data: any) => {
      if (event === "pusher:subscription_succeeded") this.seen ??= data;
      if (event.startsWith("pusher:")) return;
      if (event === "hark:reset") this.resets.push(data);
      else this.changes.push({ ...data, event });
      this.seen = { epoch: data.epoch, seq: data.seq };
    });
    return subscribed(channel);
  }

  /** Joins those who look at a ticket. */
  async join(ticket: string): Promise<PresenceChannel> {
    const channel = this.pusher.subscribe(`presence-ticket-${ticket}`) as PresenceChannel;
    await subscribed(channel);
    return channel;
  }

  leave(): void {
    this.pusher.disconnect();
  }
}

function subscribed(channel: Channel): Promise<void> {
  return new Promise((done, failed) => {
    channel.bind("pusher:subscription_succeeded", () => done());
    channel.bind("pusher:subscription_error", (error: unknown) => failed(new Error(JSON.stringify(error))));
  });
}
