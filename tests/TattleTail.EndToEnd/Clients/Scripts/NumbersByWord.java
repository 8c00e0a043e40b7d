import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Reads "word number" and writes, with the word as key, all numbers that came with it: through a repartition topic and a store with a changelog. Takes a file with the settings of Kafka Streams
 * and two of its own, "from" and "to", and runs until standard input ends, or until it fails, with exit code 1; what it restored and why it failed is told on standard output.
 */
public final class NumbersByWord {
    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        try (var file = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(file);
        }

        var builder = new StreamsBuilder();
        builder.<String, String>stream(settings.getProperty("from"))
            .selectKey((key, line) -> line.split(" ")[0])
            .mapValues(line -> line.split(" ")[1])
            .groupByKey()
            .aggregate(() -> "", (word, number, all) -> all + " " + number, Materialized.as(Stores.inMemoryKeyValueStore("numbers")))
            .toStream()
            .to(settings.getProperty("to"));
        settings.put("default.key.serde", Serdes.String().getClass());
        settings.put("default.value.serde", Serdes.String().getClass());

        var streams = new KafkaStreams(builder.build(), settings);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) {
                Runtime.getRuntime().halt(1);
            }
        });
        streams.setGlobalStateRestoreListener(new Restored());
        streams.setUncaughtExceptionHandler(fault -> {
            fault.printStackTrace(System.out);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        while (System.in.read() >= 0) {
        }

        streams.close();
    }

    private static final class Restored implements StateRestoreListener {
        @Override
        public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
        }

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long end, long count) {
        }

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long count) {
            System.out.println("restored " + count);
        }
    }
}
