package io.dualpost;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Fails the whole run when a buffer was garbage before it was released. */
public final class LeakWatch implements LauncherSessionListener {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // Netty's own factory has no other shape.
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval,
                    long maxActive) {
                ResourceLeakDetector<T> detector = new ResourceLeakDetector<>(resource, samplingInterval);
                detector.setLeakListener((type, records) -> LEAKS.add(type + " " + records));
                return detector;
            }
        });
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        // Leaks are reported when the collector has found them and a further buffer is asked for.
        for (int i = 0; i < 5; i++) {
            System.gc();
            for (int j = 0; j < 100; j++) {
                ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(16);
                buffer.release();
            }
        }
        if (!LEAKS.isEmpty()) {
            LEAKS.forEach(leak -> System.err.println("LEAK: " + leak));
            throw new AssertionError(LEAKS.size() + " buffers leaked (expected: none); see LEAK: above");
        }
    }
}
