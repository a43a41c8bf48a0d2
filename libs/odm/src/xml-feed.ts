import { SaxesParser, type SaxesTagNS } from 'saxes';

export interface Position {
  line: number;
  column: number;
}

export interface XmlLimits {
  /** Elements within elements. */
  depth: number;
  /** Characters of one tag, text, comment or processing instruction. */
  token: number;
}

/** Told of a document's elements and text in order; may throw. */
export interface XmlListener {
  open(tag: SaxesTagNS, at: Position): void;
  text(text: string, at: Position): void;
  close(): void;
  /** Never returns. */
  refuse(code: 'malformed-xml' | 'doctype' | 'limit', message: string, at: Position): never;
}

export interface XmlFeed {
  write(piece: string): void;
  end(): void;
}

/**
 * Parses XML 1.0 with namespaces from pieces. There is no document type, hence no entity but XML's own five
 * and nothing to fetch or expand; depth and tokens are bounded, hence memory is.
 */
export function xmlFeed(listener: XmlListener, limits: XmlLimits): XmlFeed {
  const parser = new SaxesParser({
    xmlns: true,
    position: false,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  });
  let depth = 0;
  let written = 0;
  let lastToken = 0;
  let opened: Position = { line: 1, column: 0 };
  const here = (): Position => ({ line: parser.line, column: parser.column });
  const token = () => {
    lastToken = parser.position;
  };

  parser.on('error', ({ message }) => listener.refuse('malformed-xml', message, here()));
  parser.on('doctype', () =>
    listener.refuse('doctype', 'A document type declaration is not read: it could define entities.', here()),
  );
  parser.on('comment', token);
  parser.on('processinginstruction', token);
  parser.on('opentagstart', () => {
    opened = here();
  });
  parser.on('opentag', (tag) => {
    token();
    if (++depth > limits.depth) {
      listener.refuse('limit', `Elements are nested deeper than ${limits.depth}.`, opened);
    }
    listener.open(tag, opened);
  });
  parser.on('closetag', () => {
    token();
    depth--;
    listener.close();
  });
  const text = (content: string) => {
    token();
    listener.text(content, here());
  };
  parser.on('text', text);
  parser.on('cdata', text);

  return {
    write(piece) {
      parser.write(piece);
      written += piece.length;
      if (written - lastToken > limits.token) {
        listener.refuse('limit', `A tag or text is longer than ${limits.token} characters.`, here());
      }
    },
    end() {
      parser.close();
    },
  };
}
