interface Input {
  Username: string;
  MessageAction?: string;
  Password?: string;
  AuthParameters?: { USERNAME: string; PASSWORD: string };
}

/** A fake user pool for smoke tests. A test may replace `token`, which makes the access tokens. */
export class FakeCognito {
  /** Passwords by user name. */
  readonly people = new Map<string, string>();
  readonly operations: string[] = [];
  token: () => Promise<string> = async () => 'token';

  /** Answers a call. @throws Error if the pool would refuse the call, or would send a mail */
  async answer(operation: string, { Username, MessageAction, Password = '', AuthParameters }: Input): Promise<object> {
    this.operations.push(operation);
    switch (operation) {
      case 'AdminCreateUser':
        if (MessageAction !== 'SUPPRESS') throw new Error(`${Username} gets a mail.`);
        this.people.set(Username, '');
        return {};
      case 'AdminSetUserPassword':
        if (Password.length < 12) throw new Error('The password is too short.');
        this.people.set(Username, Password);
        return {};
      case 'AdminInitiateAuth': {
        const { USERNAME, PASSWORD } = AuthParameters!;
        if (this.people.get(USERNAME) !== PASSWORD) throw new Error('Incorrect username or password.');
        return { AuthenticationResult: { AccessToken: await this.token() } };
      }
      default:
        this.people.delete(Username);
        return {};
    }
  }
}
