package io.dualpost;

import io.dualpost.telemetry.Telemetry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.TimeUnit;

/** Looks once a second at how late the event loops are; asks at each scrape what waits on them and what buffers hold. */
final class LoopWatch implements Runnable {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

    private final EventExecutor loop;
    private final Telemetry telemetry;
    private long due;

    private LoopWatch(EventExecutor loop, Telemetry telemetry) {
        this.loop = loop;
        this.telemetry = telemetry;
    }

    static void start(EventLoopGroup loops, Telemetry telemetry) {
        ByteBufAllocatorMetric buffers = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        telemetry.loops(() -> pending(loops), buffers::usedDirectMemory, buffers::usedHeapMemory);
        loops.forEach(loop -> new LoopWatch(loop, telemetry).next());
    }

    private static int pending(EventLoopGroup loops) {
        int tasks = 0;
        for (EventExecutor loop : loops) {
            tasks += ((SingleThreadEventExecutor) loop).pendingTasks();
        }
        return tasks;
    }

    private void next() {
        due = loop.ticker().nanoTime() + EVERY;
        loop.schedule(this, EVERY, TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        telemetry.late(Math.max(0, loop.ticker().nanoTime() - due));
        next();
    }
}
