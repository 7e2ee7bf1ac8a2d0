package io.heddle.testkit.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Runs Java code inside a network namespace: the system call `setns(2)` on a thread that ends
/// afterwards.
///
/// A socket belongs for life to the namespace of the thread that made it, so what the code returns
/// (a server socket, a connection) can be used from any other thread.
// "restricted": the JDK has no way into a namespace but a call to the C library, which is what this
// class is for.
@SuppressWarnings("restricted")
final class NetworkSwitch {
  private static final int O_RDONLY = 0;
  private static final int CLONE_NEWNET = 0x40000000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle SETNS =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("setns"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private NetworkSwitch() {}

  /// The task's result; what it throws is thrown here.
  static <T> T call(Path namespace, Callable<T> task) throws Exception {
    FutureTask<T> inside =
        new FutureTask<>(() -> {
          enter(namespace);
          return task.call();
        });
    Thread.ofPlatform().daemon().name("netns-" + namespace.getFileName()).start(inside);
    try {
      return inside.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw failure;
    }
  }

  private static void enter(Path namespace) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment path = arena.allocateFrom(namespace.toString());
      int file = (int) OPEN.invokeExact(state, path, O_RDONLY);
      check(file, "open " + namespace, state);
      int entered = (int) SETNS.invokeExact(state, file, CLONE_NEWNET);
      int closed = (int) CLOSE.invokeExact(file);
      check(entered, "setns " + namespace, state);
      if (closed != 0) {
        throw new IllegalStateException("cannot close " + namespace);
      }
    } catch (RuntimeException failure) {
      throw failure;
    } catch (Throwable broken) {
      throw new LinkageError("cannot call the C library", broken);
    }
  }

  private static void check(int result, String call, MemorySegment state) {
    if (result < 0) {
      throw new IllegalStateException(call + ": errno " + (int) ERRNO.get(state, 0L));
    }
  }
}
