// The part of @jupyterlite/services 0.8 that the extension uses; the package is shared by the page.

/** A message of Jupyter's protocol, as far as it is looked at. */
export interface Message<Content = Record<string, unknown>> {
  header: Header;
  parent_header?: Header;
  content: Content;
  metadata?: { cellId?: string; cause?: string };
  buffers?: (ArrayBuffer | ArrayBufferView)[];
}

export interface Header {
  msg_id: string;
  msg_type: string;
}

export interface KernelOptions {
  id: string;
  sendMessage(message: Message): void;
}

/** https://jupyterlite.readthedocs.io/en/stable/reference/api/ts/classes/_jupyterlite_services.BaseKernel.html */
export interface BaseKernel {
  readonly id: string;
  readonly isDisposed: boolean;
  readonly executionCount: number;
  /** Of the request to execute that came last. */
  readonly parentHeader: Header | undefined;
  /** The message that is being served. */
  readonly parent: Message | undefined;
  dispose(): void;
  stream(content: { name: string; text: string }, parent?: Header): void;
  displayData(content: object, parent?: Header): void;
  updateDisplayData(content: object, parent?: Header): void;
  clearOutput(content: object, parent?: Header): void;
  inputRequest(content: { prompt: string; password: boolean }, parent?: Header): void;
  publishExecuteResult(content: object, parent?: Header): void;
  publishExecuteError(content: object, parent?: Header): void;
  handleComm(
    kind: string,
    content: object,
    metadata: object | undefined,
    buffers: unknown[] | undefined,
    parent?: Header,
  ): void;
}

export interface KernelSpecs {
  register(kernel: { spec: object; create(options: KernelOptions): Promise<unknown> }): void;
}

/** What carries out what the front end asks of kernels. */
export interface KernelClient {
  interrupt(id: string): Promise<void>;
}

export interface Services {
  BaseKernel: new (options: KernelOptions) => BaseKernel;
  IKernelSpecs: unknown;
  IKernelClient: unknown;
}
