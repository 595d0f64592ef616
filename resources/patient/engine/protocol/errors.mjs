/**
 * What can go wrong in the channel; every error carries a code and never any content.
 *
 *     ChannelError
 *     ├── LinkFormatError        the link is not one of ours
 *     ├── DocumentRefusedError   a card, certificate, notice or roster entry is not to be trusted
 *     ├── HandshakeRefusedError  an answer does not fit the hello
 *     └── FrameRefusedError      a frame is dropped; nothing has changed
 */

export class ChannelError extends Error {
  /** @param {string} code a short fixed word, never anything that came from outside */
  constructor(code) {
    super(code);
    this.name = new.target.name;
    this.code = code;
  }
}

export class LinkFormatError extends ChannelError {}
export class DocumentRefusedError extends ChannelError {}
export class HandshakeRefusedError extends ChannelError {}
export class FrameRefusedError extends ChannelError {}
