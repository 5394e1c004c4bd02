package dev.behalf.engine;

import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/** Stops one call from another thread, by closing its connection. */
public final class EngineStop {

  private @Nullable Call call;
  private boolean isStopped;

  /** Stops the call, or keeps it from being made. */
  public synchronized void stop() {
    isStopped = true;
    if (call != null) {
      call.cancel();
    }
  }

  public synchronized boolean isStopped() {
    return isStopped;
  }

  synchronized void follow(Call call) {
    this.call = call;
    if (isStopped) {
      call.cancel();
    }
  }
}
