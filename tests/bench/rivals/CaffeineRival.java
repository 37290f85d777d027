import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;

/**
 * W1, W2 and W5 by Caffeine, printed as the programs beside print theirs; without a reference, which lives in another
 * process. What differs: numbers are objects, the hash is Caffeine's own, and its maintenance runs on the common pool, as
 * nothing else was said.
 */
@SuppressWarnings("removal") // `new Long`: an object for each call, as a program has them
public final class CaffeineRival {
    private static volatile long sink;

    public static void main(String[] words) throws Exception {
        int rounds = Integer.parseInt(words[0]);
        for (int word = 1; word < words.length; ++word)
            switch (words[word]) {
                case "W1" -> hits("W1", 1, rounds);
                case "W2" -> hits("W2", 2, rounds);
                case "W5" -> bounded(rounds);
                default -> { }
            }
    }

    private static void hits(String workload, int threads, int rounds) throws Exception {
        for (int size : new int[] {1_000, 1_000_000})
            for (boolean zipf : new boolean[] {false, true}) {
                Cache<Long, Long> cache = Caffeine.newBuilder().maximumSize(2L * size).build();
                for (int rank = 0; rank < size; ++rank)
                    cache.put(key(rank), key(rank) | 1);
                Long[] calls = calls(size, zipf, size > 65_536 ? 1 << 21 : 1 << 15);
                String what = (size == 1_000 ? "1k" : "1M") + (zipf ? " Zipf" : " uniform");
                measure(workload, what, threads, rounds, calls, call -> cache.getIfPresent(call), false);
            }
    }

    private static void bounded(int rounds) throws Exception {
        for (int threads : new int[] {1, 2}) {
            int size = 1_000_000;
            Cache<Long, Long> cache = Caffeine.newBuilder().maximumSize(size / 10).build();
            Long[] calls = calls(size, true, 1 << 21);
            measure("W5", "10 % of 1M, Zipf", threads, rounds, calls, call -> {
                Long held = cache.getIfPresent(call);
                if (held == null)
                    cache.put(call, call | 1);
                return held;
            }, true);
        }
    }

    private interface Asked {
        Long ask(Long call);
    }

    /** Three rounds before those that count, in which the compiler works and the cache fills; then the median. */
    private static void measure(String workload, String what, int threads, int rounds, Long[] calls, Asked cache,
            boolean withHits) throws Exception {
        int passes = Math.max(1, (1 << 20) / calls.length);
        double[] nanoseconds = new double[rounds];
        long[] hits = new long[threads];
        for (int round = -3; round < rounds; ++round) {
            CyclicBarrier together = new CyclicBarrier(threads);
            long[] took = new long[threads];
            Thread[] crew = new Thread[threads];
            for (int number = 0; number < threads; ++number) {
                int mine = number;
                crew[number] = new Thread(() -> {
                    try {
                        together.await();
                    } catch (Exception broken) {
                        throw new IllegalStateException(broken);
                    }
                    long begin = now(threads);
                    long found = 0;
                    for (int pass = 0; pass < passes; ++pass)
                        found += ask(calls, mine * (calls.length / threads), cache);
                    took[mine] = now(threads) - begin;
                    hits[mine] = found;
                });
                crew[number].start();
            }
            for (Thread one : crew)
                one.join();
            if (round >= 0)
                nanoseconds[round] = Arrays.stream(took).average().orElseThrow() / ((double) passes * calls.length);
        }
        Arrays.sort(nanoseconds);
        double ratio = (double) Arrays.stream(hits).sum() / ((double) threads * passes * calls.length);
        if (!withHits && ratio < 1)
            System.err.println("Caffeine: " + (1 - ratio) + " of the calls are not hits");
        System.out.printf("%s;%s;%d;Caffeine 2.6.2 (JVM);bounded;%.2f;;%s%n", workload, what, threads, nanoseconds[rounds / 2],
                withHits ? String.format("%.4f", ratio) : "");
    }

    /** As in C++: what one thread worked, or the clock on the wall for several. */
    private static long now(int threads) {
        return threads == 1 ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
    }

    private static long ask(Long[] calls, int from, Asked cache) {
        long found = 0;
        long sum = 0;
        for (int number = 0; number < calls.length; ++number) {
            Long held = cache.ask(calls[from + number < calls.length ? from + number : from + number - calls.length]);
            if (held != null) {
                ++found;
                sum += held;
            }
        }
        sink = sum;
        return found;
    }

    /** The same keys as in C++; each call has an object of its own, one after the other in memory. */
    private static Long[] calls(int size, boolean zipf, int many) {
        Random random = new Random(1);
        Long[] calls = new Long[many];
        double[] below = new double[size];
        double sum = 0;
        for (int rank = 0; rank < size; ++rank)
            below[rank] = sum += zipf ? Math.pow(rank + 1, -0.99) : 1;
        for (int number = 0; number < many; ++number) {
            int at = Arrays.binarySearch(below, random.nextDouble() * sum);
            calls[number] = new Long(key(Math.min(at < 0 ? -at - 1 : at, size - 1)));
        }
        return calls;
    }

    private static long key(long number) {
        number += 0x9e3779b97f4a7c15L;
        number = (number ^ number >>> 30) * 0xbf58476d1ce4e5b9L;
        number = (number ^ number >>> 27) * 0x94d049bb133111ebL;
        return number ^ number >>> 31;
    }

    private CaffeineRival() {}
}
