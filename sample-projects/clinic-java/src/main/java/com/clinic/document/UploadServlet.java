package com.clinic.document;

import java.io.File;
import java.io.IOException;
import java.util.List;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.commons.fileupload.FileItem;
import org.apache.commons.fileupload.disk.DiskFileItemFactory;
import org.apache.commons.fileupload.servlet.ServletFileUpload;

public class UploadServlet extends HttpServlet {
    private static final String STORE = "/opt/clinic/documents/";

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        DiskFileItemFactory factory = new DiskFileItemFactory();
        factory.setRepository(new File("/opt/clinic/tmp"));
        try {
            List<FileItem> items = new ServletFileUpload(factory).parseRequest(request);
            for (FileItem item : items) {
                item.write(new File(STORE + item.getName()));
            }
        } catch (Exception e) {
            throw new IOException(e.getMessage());
        }
        response.getWriter().write("stored");
    }
}
