import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.TimestampType;

/** Writes the batches of this folder with Apache Kafka's own classes (made with 4.1.0): java -cp "$KAFKA_HOME/libs/*" MakeBatches.java . */
public final class MakeBatches {
    private static final long[] EXTREMES = {Long.MAX_VALUE, -1, 0, 1_700_000_000_000_000_000L};

    public static void main(String[] args) throws Exception {
        for (CompressionType type : CompressionType.values()) {
            var builder = builder(type);
            for (int i = 0; i < 1500; i++) {
                Header[] headers = {
                    new RecordHeader("n", bytes(Integer.toString(i))), new RecordHeader("n", (byte[]) null), new RecordHeader("\u00fc", new byte[0]),
                };
                builder.appendWithOffset(500 + i, 1_700_000_000_000L + (i % 7) - 3, i % 3 == 0 ? null : ByteBuffer.wrap(bytes("key-" + i)), i % 5 == 0 ? null : ByteBuffer.wrap(bytes("body " + i)), headers);
            }
            write(args[0], type.name, builder.build());
        }
        var builder = builder(CompressionType.NONE);
        for (int i = 0; i < EXTREMES.length; i++) {
            builder.appendWithOffset(500 + i, EXTREMES[i], null, (ByteBuffer) null, new Header[0]);
        }
        write(args[0], "extremes", builder.build());
    }

    private static org.apache.kafka.common.record.MemoryRecordsBuilder builder(CompressionType type) {
        return MemoryRecords.builder(
            ByteBuffer.allocate(1 << 20), (byte) 2, Compression.of(type).build(), TimestampType.CREATE_TIME, 500, -1, -1, (short) -1, -1, false, false, 9);
    }

    private static void write(String folder, String name, MemoryRecords records) throws Exception {
        var bytes = new byte[records.sizeInBytes()];
        records.buffer().duplicate().get(bytes);
        Files.write(Path.of(folder, name + ".batch"), bytes);
        for (var record : records.records()) {
            if (name.equals("extremes")) {
                System.out.println(record.timestamp());
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
